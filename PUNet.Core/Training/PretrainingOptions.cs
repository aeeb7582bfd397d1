using PUNet.Core.Common;
using PUNet.Core.Losses;
using PUNet.Core.Models;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Training;

/// <summary>Everything that determines a pre-training. Defaults: the paper's (method.md, section 4).</summary>
public sealed record PretrainingOptions
{
    public NetworkConfiguration Network { get; init; } = new PromptableUNetConfiguration();

    /// <summary>Labels of the base classes, ascending; each is the class's slot in the pools.</summary>
    public IReadOnlyList<int> BaseClasses { get; init; } = [];

    public PretrainingLoss Loss { get; init; } = PretrainingLoss.MetaSelf;

    /// <summary>Whether the attention blocks see the active classes' prompts (false: the paper's "noninstructed" runs).</summary>
    public bool PromptsInBlocks { get; init; } = true;

    /// <summary>Fewest and most active foreground classes of a sample; a baseline has all of them.</summary>
    public int FewestActive { get; init; } = 1;

    /// <inheritdoc cref="FewestActive"/>
    public int MostActive { get; init; } = 1;

    public int Epochs { get; init; } = 400;

    /// <summary>Crops of an epoch, drawn with replacement.</summary>
    public int CropsPerEpoch { get; init; } = 5000;

    /// <summary>Crops of a batch.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Crops taken from one volume in a batch.</summary>
    public int CropsPerVolume { get; init; } = 2;

    /// <summary>Share of the crops that are centred on a voxel of an active class; 0 as in the paper.</summary>
    public double ForegroundFraction { get; init; }

    /// <summary>Learning rate of the body.</summary>
    public double BodyRate { get; init; } = 1e-4;

    /// <summary>Learning rate of prompts and prompt bias scores.</summary>
    public double PromptRate { get; init; } = 1e-3;

    public double WeightDecay { get; init; } = 1e-2;

    /// <summary>τ: share of itself that the teacher keeps in a step.</summary>
    public double TeacherMomentum { get; init; } = 0.99;

    /// <summary>Weight of the CPA loss beside the segmentation loss.</summary>
    public double SelfSupervisedWeight { get; init; } = 0.01;

    /// <summary>The segmentation loss; its additive α comes from the dataset, see <see cref="ClassRatioFactor"/>.</summary>
    public FocalLossOptions Focal { get; init; } = new();

    /// <summary>Factor of the additive α that comes from the dataset's foreground/background ratios; 0: none.</summary>
    public double ClassRatioFactor { get; init; } = 0.01;

    /// <summary>The self-supervised loss.</summary>
    public ContrastivePrototypeAssignmentOptions Assignment { get; init; } = new();

    /// <summary>Gradient values are clipped to ± this.</summary>
    public double GradientClip { get; init; } = 1;

    /// <summary>Probability of every random augmentation, relative to the paper's.</summary>
    public double AugmentationStrength { get; init; } = 1;

    /// <summary>In which numbers the network multiplies while it trains; predictions are always in 32 bits.</summary>
    public ComputePrecision Precision { get; init; }

    public long Seed { get; init; } = 1;
}
