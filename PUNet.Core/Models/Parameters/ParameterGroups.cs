using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Models.Parameters;

/// <summary>Which parameters a network has, and which an adaptation trains (method.md, section 4, table of variants).</summary>
public static class ParameterGroups
{
    /// <summary>Every parameter, in the order of the state.</summary>
    public static IReadOnlyList<NetworkParameter> Of(SegmentationNetwork network) =>
    [
        .. network.named_parameters().Select(item => new NetworkParameter(
            item.name, item.parameter, network.RoleOf(item.name), network.ClassOf(item.name), network.IsInDecoder(item.name))),
    ];

    /// <summary>The parameters that a variant trains for new classes.</summary>
    /// <param name="network">The network that is adapted.</param>
    /// <param name="variant">Row of the table.</param>
    /// <param name="newClasses">Labels of the new classes, foreground and within the pools.</param>
    /// <param name="ownBackground">Also the background's tokens of the similarity, which the new classes then have for themselves.</param>
    /// <exception cref="ArgumentException">A class has no prompts, or the network lacks the variant's head, bottlenecks or updates, or has a
    /// head it must not have.</exception>
    public static IReadOnlyList<NetworkParameter> Trained(
        SegmentationNetwork network, AdaptationVariant variant, IReadOnlyCollection<int> newClasses, bool ownBackground = false)
    {
        Check(network.Configuration, variant, newClasses);
        return [.. Of(network).Where(parameter =>
            IsTrained(parameter, variant, newClasses) || (ownBackground && parameter.Name == ParameterRoles.SimilarityTokens(0)))];
    }

    /// <summary>Lets exactly the given parameters have gradients; everything else is frozen.</summary>
    public static void TrainOnly(SegmentationNetwork network, IEnumerable<NetworkParameter> trained)
    {
        var names = trained.Select(parameter => parameter.Name).ToHashSet();
        foreach (var (name, parameter) in network.named_parameters()) parameter.requires_grad = names.Contains(name);
    }

    /// <summary>Number of values in some parameters.</summary>
    public static long Count(IEnumerable<NetworkParameter> parameters) => parameters.Sum(parameter => parameter.Value.numel());

    /// <summary>Whether a variant predicts with the fixed output layer instead of the similarity to prompts.</summary>
    public static bool UsesFixedHead(AdaptationVariant variant) =>
        variant is AdaptationVariant.TuneOutput or AdaptationVariant.TuneDecoder or AdaptationVariant.TuneBiases or AdaptationVariant.TuneBottlenecks
            or AdaptationVariant.TuneLowRank or AdaptationVariant.TuneNorms;

    private static bool IsTrained(NetworkParameter parameter, AdaptationVariant variant, IReadOnlyCollection<int> newClasses)
    {
        var prompting = parameter.IsPrompt && (parameter.Class is not { } owner || newClasses.Contains(owner));
        var bias = parameter.Role == ParameterRole.Body && ParameterRoles.IsBiasOrNorm(parameter.Name);
        var head = parameter.Role == ParameterRole.FixedHead;
        return variant switch
        {
            AdaptationVariant.PromptTune => prompting,
            // which nothing downstream reads
            AdaptationVariant.FineTune => prompting || !(parameter.IsPrompt || parameter.Role == ParameterRole.EmbeddingHead),
            AdaptationVariant.TuneOutput => head,
            AdaptationVariant.TuneDecoder => head || (parameter.Role == ParameterRole.Body && parameter.IsInDecoder),
            AdaptationVariant.TuneBiases => head || bias,
            AdaptationVariant.TuneBottlenecks => head || parameter.Role == ParameterRole.Bottleneck,
            AdaptationVariant.TuneBiasesAndPrompts => prompting || bias,
            AdaptationVariant.TuneLowRank => head || parameter.Role == ParameterRole.LowRank,
            AdaptationVariant.TuneNorms => head || (parameter.Role == ParameterRole.Body && ParameterRoles.IsNorm(parameter.Name)),
            _ => throw new ArgumentOutOfRangeException(nameof(variant), variant, "No such variant."),
        };
    }

    private static void Check(NetworkConfiguration configuration, AdaptationVariant variant, IReadOnlyCollection<int> newClasses)
    {
        if (newClasses.Count == 0) throw new ArgumentException("An adaptation needs at least one new class.", nameof(newClasses));
        if (configuration.AdaptationFaults(variant).Concat(configuration.PoolFaults(newClasses.Max())).FirstOrDefault() is { } fault)
            throw new ArgumentException(fault.ToString(), nameof(newClasses));
        if (configuration.UsesFixedLayer(variant) != configuration.FixedOutputChannels is not null)
            throw new ArgumentException(
                $"{variant.Keyword()} {(configuration.UsesFixedLayer(variant) ? "needs" : "must not have")} the fixed output layer; "
                + "set fixed_output_channels accordingly.",
                nameof(variant));
        if (configuration is PromptableUNetConfiguration { Bottlenecks: false } && variant == AdaptationVariant.TuneBottlenecks)
            throw new ArgumentException($"{variant.Keyword()} needs a network with bottlenecks.", nameof(variant));
        if (configuration is PromptableUNetConfiguration { LowRank: null } && variant == AdaptationVariant.TuneLowRank)
            throw new ArgumentException($"{variant.Keyword()} needs a network with low-rank updates.", nameof(variant));
    }
}
