namespace PUNet.Core.Models.Parameters;

/// <summary>Reads role and class of a tensor from its name in a prompt-able UNet's state.</summary>
internal static class ParameterRoles
{
    private const string PublishedNorm = "N"; // of a unit of the residual UNet

    /// <summary>The role.</summary>
    public static ParameterRole Of(string name)
    {
        if (name.StartsWith("prompts.", StringComparison.Ordinal)) return ParameterRole.PromptTokens;
        if (name.StartsWith("fixed_head.", StringComparison.Ordinal)) return ParameterRole.FixedHead;
        if (name.Contains(".adapter_", StringComparison.Ordinal)) return ParameterRole.Bottleneck;
        if (name.Contains(".low_rank.", StringComparison.Ordinal)) return ParameterRole.LowRank;
        if (name.Contains(".bias_scores.prompt_table.", StringComparison.Ordinal)) return ParameterRole.PromptBiasTable;
        return name.EndsWith(".bias_scores.prompt_weight", StringComparison.Ordinal) ? ParameterRole.PromptBiasWeight : ParameterRole.Body;
    }

    /// <summary>The class a tensor belongs to; null where all share it.</summary>
    /// <param name="name">Name in the state.</param>
    /// <param name="tablePerClass">Whether every class has bias tables of its own.</param>
    public static int? Class(string name, bool tablePerClass) => Of(name) switch
    {
        ParameterRole.PromptTokens => Last(name),
        ParameterRole.PromptBiasTable when tablePerClass => Last(name),
        _ => null,
    };

    /// <summary>Name of a class's tokens in the pool of the similarity aggregation; 0 is background.</summary>
    public static string SimilarityTokens(int label) => $"prompts.similarity.{label}";

    /// <summary>Whether a tensor of the body is a bias or belongs to a normalisation.</summary>
    public static bool IsBiasOrNorm(string name) => name.EndsWith(".bias", StringComparison.Ordinal) || IsNorm(name);

    /// <summary>Whether a tensor of the body belongs to a normalisation.</summary>
    public static bool IsNorm(string name)
    {
        var parts = name.Split('.');
        return parts.Length > 1 && (parts[^2].Contains("norm", StringComparison.Ordinal) || parts[^2] == PublishedNorm);
    }

    private static int Last(string name) => int.Parse(name.AsSpan(name.LastIndexOf('.') + 1));
}
