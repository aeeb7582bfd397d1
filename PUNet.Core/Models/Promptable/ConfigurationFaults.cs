using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Common;

namespace PUNet.Core.Models.Promptable;

/// <summary>The rules a network's configuration keeps.</summary>
internal static class ConfigurationFaults
{
    private const int Levels = 5;
    private const int BottleneckReduction = 4;
    private const int TopTokens = 3;

    /// <summary>Every broken rule.</summary>
    public static IReadOnlyList<string> Of(PromptableUNetConfiguration c)
    {
        var faults = new List<string>();
        Sizes(c, faults);
        Channels(c, faults);
        Positive(faults, ("window", c.Window));
        Patches(c, faults);
        Combinations(c, faults);
        return faults;
    }

    private static void Sizes(PromptableUNetConfiguration c, List<string> faults)
    {
        if (c.InChannels < 1) faults.Add($"in_channels must be at least 1, not {c.InChannels}.");
        if (c.PoolSize < 2) faults.Add($"pool_size must hold background and at least one class, so be at least 2, not {c.PoolSize}.");
        if (c.TokensPerClass < 1) faults.Add($"tokens_per_class must be at least 1, not {c.TokensPerClass}.");
        if (c.Heads < 1) faults.Add($"heads must be at least 1, not {c.Heads}.");
    }

    private static void Channels(PromptableUNetConfiguration c, List<string> faults)
    {
        if (c.Channels.Count != Levels) faults.Add($"channels must name the {Levels} levels, not {c.Channels.Count}.");
        foreach (var channels in c.Channels.Distinct())
        {
            if (channels < 1) faults.Add($"channels must be at least 1, not {channels}.");
            else if (c.Heads > 0 && channels % c.Heads != 0) faults.Add($"heads ({c.Heads}) must divide channels ({channels}).");
            if (c.Bottlenecks && channels > 0 && channels % BottleneckReduction != 0)
                faults.Add($"bottlenecks reduce channels by {BottleneckReduction}, which must divide them, not leave a rest of {channels}.");
        }
    }

    /// <summary>Adds what is wrong with the patches of any architecture.</summary>
    public static void Patches(NetworkConfiguration c, List<string> faults)
    {
        Positive(faults, ("student_patch", c.StudentPatch), ("second_student_patch", c.SecondStudentPatch), ("teacher_patch", c.TeacherPatch));
        if (c.StudentPatch.D != c.SecondStudentPatch.D || c.StudentPatch.D != c.TeacherPatch.D)
            faults.Add(
                $"student_patch ({c.StudentPatch}), second_student_patch ({c.SecondStudentPatch}) and "
                + $"teacher_patch ({c.TeacherPatch}) must have the same depth: it decides kernels and strides.");
        foreach (var (name, student) in new[] { ("student_patch", c.StudentPatch), ("second_student_patch", c.SecondStudentPatch) })
            if (student.H > c.TeacherPatch.H || student.W > c.TeacherPatch.W)
                faults.Add(
                    $"{name} ({student}) must fit into teacher_patch ({c.TeacherPatch}): all views are cut from one crop of the teacher's size.");
    }

    private static void Positive(List<string> faults, params (string Name, Extent Extent)[] extents)
    {
        foreach (var (name, extent) in extents)
            if (extent.H < 1 || extent.W < 1 || extent.D < 1) faults.Add($"{name} must be at least 1 along every axis, not {extent}.");
    }

    private static void Combinations(PromptableUNetConfiguration c, List<string> faults)
    {
        if (c.FixedOutputChannels < 2)
            faults.Add($"fixed_output_channels must be 1 + the most active classes, so at least 2, not {c.FixedOutputChannels}.");
        if (c.BiasScores == BiasScores.Vit && c.StudentPatch.D > 1)
            faults.Add($"bias_scores Vit halves the depth of its position code, the stem does not: it needs a depth of 1, not {c.StudentPatch.D}.");
        if (c.Aggregation == SimilarityAggregation.TopThree && c.TokensPerClass is > 0 and < TopTokens)
            faults.Add($"aggregation TopThree needs at least {TopTokens} tokens_per_class, not {c.TokensPerClass}.");
        if (c.BiasScores != BiasScores.All && !(c.UniqueTokenBias && c.UniquePromptBias))
            faults.Add(
                $"unique_token_bias and unique_prompt_bias shape the prompts' bias scores, which bias_scores {c.BiasScores} has not: "
                + "leave both true.");
    }
}
