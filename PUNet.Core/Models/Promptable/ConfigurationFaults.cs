using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Common.Settings;

namespace PUNet.Core.Models.Promptable;

/// <summary>How the sizes of a prompt-able UNet must fit together.</summary>
internal static class ConfigurationFaults
{
    private const int Levels = 5;
    private const int BottleneckReduction = 4;
    private const int TopTokens = 3;
    private const double MostPositions = 4096;
    private const double LargestPool = 268_435_456;

    /// <summary>Sizes that together make what nothing can hold.</summary>
    public static IEnumerable<Fault> TooLarge(PromptableUNetConfiguration c) =>
    [
        .. Limits.Product(
            ["window"], (double)c.Window.H * c.Window.W * c.Window.D, "positions", MostPositions,
            PromptableUNetConfiguration.AttentionMemory),
        .. Limits.Product(
            ["tokens_per_class", "pool_size", "channels"], (double)c.PoolSize * c.TokensPerClass * c.Channels.DefaultIfEmpty().Max(),
            "numbers in a pool", LargestPool, "larger pools do not fit into memory"),
    ];

    /// <summary>Every broken rule.</summary>
    public static IEnumerable<Fault> Rules(PromptableUNetConfiguration c) => [.. Channels(c), .. Combinations(c)];

    private static IEnumerable<Fault> Channels(PromptableUNetConfiguration c)
    {
        if (c.InChannels < 1) yield return new Fault("in_channels", $"in_channels must be at least 1, not {c.InChannels}");
        if (c.Channels.Count != Levels) yield return new Fault("channels", $"channels must name the {Levels} levels, not {c.Channels.Count}");
        foreach (var channels in c.Channels.Distinct())
        {
            if (channels % c.Heads != 0) yield return new Fault(["heads", "channels"], $"heads ({c.Heads}) must divide channels ({channels})");
            if (c.Bottlenecks && channels % BottleneckReduction != 0)
                yield return new Fault(
                    "channels", $"bottlenecks reduce channels by {BottleneckReduction}, which must divide them, not leave a rest of {channels}");
            if (c.LowRank > channels)
                yield return new Fault(
                    ["rank", "channels"], $"rank ({c.LowRank}) must not exceed channels ({channels}): an update of their matrix has no higher rank");
        }
    }

    private static IEnumerable<Fault> Combinations(PromptableUNetConfiguration c)
    {
        if (c.FixedOutputChannels < 2)
            yield return new Fault(
                "fixed_output_channels", $"fixed_output_channels must be 1 + the most active classes, so at least 2, not {c.FixedOutputChannels}");
        if (c.BiasScores == BiasScores.Vit && c.StudentPatch.D > 1)
            yield return new Fault(
                ["bias_scores", "student_patch"],
                $"bias_scores Vit halves the depth of its position code, the stem does not: it needs a depth of 1, not {c.StudentPatch.D}");
        if (c.Aggregation == SimilarityAggregation.TopThree && c.TokensPerClass < TopTokens)
            yield return new Fault(
                ["aggregation", "tokens_per_class"], $"aggregation TopThree needs at least {TopTokens} tokens_per_class, not {c.TokensPerClass}");
        if (c.BiasScores != BiasScores.All && !(c.UniqueTokenBias && c.UniquePromptBias))
            yield return new Fault(
                ["unique_token_bias", "unique_prompt_bias", "bias_scores"],
                $"unique_token_bias and unique_prompt_bias shape the prompts' bias scores, which bias_scores {c.BiasScores} has not: "
                    + "leave both true");
    }
}
