using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Common;
using PUNet.Core.Common.Settings;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;

namespace PUNet.Core.Models.Promptable;

/// <summary>
/// Everything that determines the shape and the computation of a prompt-able UNet. Defaults: the paper's 2D setting. The depth of
/// the students' patches decides kernels and strides in depth; the teacher's patch sizes the ViT position code.
/// </summary>
public sealed record PromptableUNetConfiguration : NetworkConfiguration
{
    /// <summary>Why an attention window has an upper end.</summary>
    internal const string AttentionMemory = "attention takes memory by the square of the window's positions";

    /// <summary>The largest s, also of those that are learned: CLIP's.</summary>
    internal const double HighestLogitScale = 100;

    /// <summary>K: class slots of every prompt pool, background (0) included.</summary>
    [Within(2, 255, "prepared label maps have labels up to 254")]
    public int PoolSize { get; init; } = 10;

    /// <summary>T: prompt tokens of a class in each pool.</summary>
    [Within(1, 4096, "attention takes memory by the tokens of all active classes")]
    public int TokensPerClass { get; init; } = 16;

    /// <summary>C_0 … C_4: channels of the five encoder levels.</summary>
    [Within(1, 4096, LayerMemory)]
    public IReadOnlyList<int> Channels { get; init; } = [32, 64, 128, 256, 384];

    /// <summary>h: attention heads; divides every C_l.</summary>
    [Within(1, 4096, LayerMemory)]
    public int Heads { get; init; } = 8;

    /// <summary>Attention window in positions of the feature map.</summary>
    [Within(1, 64, AttentionMemory)]
    public Extent Window { get; init; } = new(8, 8, 1);

    public AttentionSemantics Semantics { get; init; } = AttentionSemantics.Paper;
    public BiasScores BiasScores { get; init; } = BiasScores.All;
    public PromptPlacement Placement { get; init; } = PromptPlacement.Full;
    public SimilarityAggregation Aggregation { get; init; } = SimilarityAggregation.Softmax;

    /// <summary>
    /// s: what similarities are multiplied by before the softmax over the classes; the paper's are their own logits, s = 1. A similarity lies
    /// within [0, 1], so that no voxel's probability leaves [1/(1 + e^s), 1/(1 + e^−s)]: with s = 1 that of the right class ends at 0.73.
    /// </summary>
    [Within(0, HighestLogitScale, "with more, a softmax of 32-bit numbers has no gradient", IsAbove = true)]
    public double LogitScale { get; init; } = 1;

    /// <summary>Whether the body's training changes s, from <see cref="LogitScale"/> on, as CLIP trains its own (Radford et al., 2021).</summary>
    public bool LearnedLogitScale { get; init; }

    /// <summary>One bias embedding per token (true) or one row per class.</summary>
    public bool UniqueTokenBias { get; init; } = true;

    /// <summary>One bias table per class (true) or one for all classes.</summary>
    public bool UniquePromptBias { get; init; } = true;

    /// <summary>Whether every attention block has bottleneck layers (reduction 4), which the paper calls adapters.</summary>
    public bool Bottlenecks { get; init; }

    /// <summary>
    /// r: rank of the updates of every attention's projections and of the encoder's skips, which are convolutions of one voxel; null: none.
    /// The stem's skip has none: from as many channels as an image has it is of the lowest rank itself.
    /// </summary>
    public int? LowRank { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<Fault> PoolFaults(int classes)
    {
        if (PoolSize < 1 + classes)
            yield return new Fault(
                ["pool_size", "network"], "the prompt pool is too small for the dataset", "it needs a slot for background and for every class",
                $"pool_size {PoolSize}, {classes} classes", $"set pool_size {1 + classes} or more");
    }

    /// <inheritdoc/>
    private protected override IEnumerable<Fault> TooLarge() => ConfigurationFaults.TooLarge(this);

    /// <inheritdoc/>
    private protected override IEnumerable<Fault> Rules() => PatchRules().Concat(ConfigurationFaults.Rules(this));

    /// <inheritdoc/>
    public override PromptableUNetConfiguration ForClasses(int classes) => this;

    /// <inheritdoc/>
    public override PromptableUNetConfiguration WithRoomFor(int label) => label < PoolSize ? this : this with { PoolSize = label + 1 };

    /// <inheritdoc/>
    public override PromptableUNetConfiguration AdaptedBy(AdaptationVariant variant, int newClasses, int rank = DefaultRank) => this with
    {
        FixedOutputChannels = UsesFixedLayer(variant) ? 1 + newClasses : null,
        Bottlenecks = variant == AdaptationVariant.TuneBottlenecks,
        LowRank = variant == AdaptationVariant.TuneLowRank ? rank : null,
    };

    /// <inheritdoc/>
    public override bool UsesFixedLayer(AdaptationVariant variant) => ParameterGroups.UsesFixedHead(variant);

    /// <inheritdoc/>
    public override IReadOnlyList<Fault> AdaptationFaults(AdaptationVariant variant) => [];

    /// <summary>Sizes of the bias tables.</summary>
    internal BiasScoreShape BiasScoreShape() =>
        new(BiasScores, Heads, Window, PoolSize, TokensPerClass, UniqueTokenBias, UniquePromptBias);
}
