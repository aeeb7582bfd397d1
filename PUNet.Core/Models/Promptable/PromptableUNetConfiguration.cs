using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Common;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;

namespace PUNet.Core.Models.Promptable;

/// <summary>
/// Everything that determines the shape and the computation of a prompt-able UNet. Defaults: the paper's 2D setting. The depth of
/// the students' patches decides kernels and strides in depth; the teacher's patch sizes the ViT position code.
/// </summary>
public sealed record PromptableUNetConfiguration : NetworkConfiguration
{
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

    public AttentionSemantics Semantics { get; init; } = AttentionSemantics.Paper;
    public BiasScores BiasScores { get; init; } = BiasScores.All;
    public PromptPlacement Placement { get; init; } = PromptPlacement.Full;
    public SimilarityAggregation Aggregation { get; init; } = SimilarityAggregation.Softmax;

    /// <summary>One bias embedding per token (true) or one row per class.</summary>
    public bool UniqueTokenBias { get; init; } = true;

    /// <summary>One bias table per class (true) or one for all classes.</summary>
    public bool UniquePromptBias { get; init; } = true;

    /// <summary>Whether every attention block has bottleneck layers (reduction 4), which the paper calls adapters.</summary>
    public bool Bottlenecks { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Validate() => ConfigurationFaults.Of(this);

    /// <inheritdoc/>
    public override PromptableUNetConfiguration ForClasses(int classes) => this;

    /// <inheritdoc/>
    public override PromptableUNetConfiguration AdaptedBy(AdaptationVariant variant, int newClasses) => this with
    {
        FixedOutputChannels = UsesFixedLayer(variant) ? 1 + newClasses : null,
        Bottlenecks = variant == AdaptationVariant.TuneBottlenecks,
    };

    /// <inheritdoc/>
    public override bool UsesFixedLayer(AdaptationVariant variant) => ParameterGroups.UsesFixedHead(variant);

    /// <inheritdoc/>
    public override IReadOnlyList<string> AdaptationFaults(AdaptationVariant variant, IReadOnlyCollection<int> newClasses) =>
    [
        .. newClasses.Where(label => label < 1 || label >= PoolSize)
            .Select(label => $"New class {label} has no prompts: the pools have the foreground classes 1 to {PoolSize - 1}."),
    ];

    /// <summary>Sizes of the bias tables.</summary>
    internal BiasScoreShape BiasScoreShape() =>
        new(BiasScores, Heads, Window, PoolSize, TokensPerClass, UniqueTokenBias, UniquePromptBias);
}
