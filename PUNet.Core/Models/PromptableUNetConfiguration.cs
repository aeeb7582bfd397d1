using PUNet.Core.Blocks;
using PUNet.Core.Common;

namespace PUNet.Core.Models;

/// <summary>Everything that determines the shape and the computation of a prompt-able UNet. Defaults: the paper's 2D setting.</summary>
public sealed record PromptableUNetConfiguration
{
    /// <summary>Image channels.</summary>
    public int InChannels { get; init; } = 1;

    /// <summary>K: class slots of every prompt pool, background (0) included.</summary>
    public int PoolSize { get; init; } = 10;

    /// <summary>T: prompt tokens of a class in each pool.</summary>
    public int TokensPerClass { get; init; } = 16;

    /// <summary>C_0 … C_4: channels of the five encoder levels.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [32, 64, 128, 256, 384];

    /// <summary>h: attention heads; divides every C_l.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Attention window in positions of the feature map.</summary>
    public Extent Window { get; init; } = new(8, 8, 1);

    /// <summary>Patch of the first student, in voxels; its depth decides kernels and strides in depth.</summary>
    public Extent StudentPatch { get; init; } = new(224, 224, 1);

    /// <summary>Patch of the second student.</summary>
    public Extent SecondStudentPatch { get; init; } = new(160, 160, 1);

    /// <summary>Patch of the teacher, in voxels; sizes the ViT position code.</summary>
    public Extent TeacherPatch { get; init; } = new(256, 256, 1);

    public AttentionSemantics Semantics { get; init; } = AttentionSemantics.Paper;
    public BiasScores BiasScores { get; init; } = BiasScores.All;
    public PromptPlacement Placement { get; init; } = PromptPlacement.Full;
    public SimilarityAggregation Aggregation { get; init; } = SimilarityAggregation.Softmax;

    /// <summary>One bias embedding per token (true) or one row per class.</summary>
    public bool UniqueTokenBias { get; init; } = true;

    /// <summary>One bias table per class (true) or one for all classes.</summary>
    public bool UniquePromptBias { get; init; } = true;

    /// <summary>Output channels of the fixed layer (1 + most active classes); null: similarity aggregation.</summary>
    public int? FixedOutputChannels { get; init; }

    /// <summary>Whether every attention block has an adapter (reduction 4).</summary>
    public bool Adapters { get; init; }

    /// <summary>All faults, each a sentence with rule, given value and remedy; empty where the configuration can be built.</summary>
    public IReadOnlyList<string> Validate() => ConfigurationFaults.Of(this);

    /// <summary>Sizes of the bias tables.</summary>
    internal BiasScoreShape BiasScoreShape() =>
        new(BiasScores, Heads, Window, PoolSize, TokensPerClass, UniqueTokenBias, UniquePromptBias);
}
