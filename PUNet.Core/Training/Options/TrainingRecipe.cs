using PUNet.Core.Common;
using PUNet.Core.Common.Settings;
using PUNet.Core.Data.Batches;
using PUNet.Core.Losses;

namespace PUNet.Core.Training.Options;

/// <summary>How every training runs: its length, its batches, its rates, its segmentation loss (method.md, section 4).</summary>
public sealed record TrainingRecipe
{
    private const string Counter = "more steps than a training of years has";
    private const string Memory = "all crops of a step are in memory at once";
    private const string Step = "a step changes every weight by about the rate";

    /// <summary>The paper's pre-training.</summary>
    public static TrainingRecipe Pretraining { get; } = new();

    /// <summary>The paper's adaptation to new classes.</summary>
    public static TrainingRecipe Adaptation { get; } = new()
    {
        Epochs = 100,
        BodyRate = 5e-4,
        PromptRate = 5e-4,
        WeightDecay = 0,
        Schedule = RateSchedule.OneCycleByEpoch,
    };

    /// <summary>
    /// What works within minutes on two processor cores and on real scans (docs/prompts.md), where the paper's takes days of a GPU: the common
    /// part of the recommended trainings.
    /// </summary>
    internal static TrainingRecipe Short { get; } = new()
    {
        CropsPerEpoch = 600,
        BatchSize = 8,
        ForegroundFraction = 0.5,
        PromptRate = 1e-2,
        AugmentationStrength = 0.3,
        Schedule = RateSchedule.OneCycleByStep,
        FocalLoss = new FocalLossOptions { Gamma = 2, RatioFactor = 0.03 },
        DiceWeight = 1,
    };

    /// <summary>Epochs.</summary>
    [Within(1, 1_000_000, Counter)]
    public int Epochs { get; init; } = 400;

    /// <summary>Crops of an epoch, drawn with replacement.</summary>
    [Within(1, 100_000_000, Counter)]
    public int CropsPerEpoch { get; init; } = 5000;

    /// <summary>Crops of a step.</summary>
    [Within(1, 65_536, Memory)]
    public int BatchSize { get; init; } = 16;

    /// <summary>Crops taken from one volume in a batch.</summary>
    [Within(1, 65_536, Memory)]
    public int CropsPerVolume { get; init; } = 2;

    /// <summary>Share of the crops that are centred on a voxel of an active class; the others lie anywhere, in the paper all.</summary>
    [Within(0, 1, Limits.Share)]
    public double ForegroundFraction { get; init; }

    /// <summary>How the voxel is drawn that such a crop is centred on.</summary>
    public ForegroundSampling ForegroundSampling { get; init; }

    /// <summary>Learning rate of body, bottlenecks, low-rank updates and output layer; the highest one of a schedule.</summary>
    [Within(0, 10, Step)]
    public double BodyRate { get; init; } = 1e-4;

    /// <summary>Learning rate of prompts and their bias scores; the highest one of a schedule.</summary>
    [Within(0, 10, Step)]
    public double PromptRate { get; init; } = 1e-3;

    /// <summary>How the rates run over the training.</summary>
    public RateSchedule Schedule { get; init; }

    /// <summary>Weight decay of AdamW.</summary>
    [Within(0, 1000, Limits.Real)]
    public double WeightDecay { get; init; } = 1e-2;

    /// <summary>Gradient values are clipped to ± this.</summary>
    [Within(0, Limits.Large, Limits.Real, IsAbove = true)]
    public double GradientClip { get; init; } = 1;

    /// <summary>Probability of every random augmentation, relative to the paper's; 0: none.</summary>
    [Within(0, 1.25, "the most frequent augmentation has probability 0.8, which is multiplied by it and cannot exceed 1")]
    public double AugmentationStrength { get; init; } = 1;

    /// <summary>
    /// Probability of every random change of intensities (bias field, shift, contrast, histogram) relative to what
    /// <see cref="AugmentationStrength"/> makes of the paper's 0.1: for scans whose brightness differs from the others', as of another coil.
    /// </summary>
    [Within(0, 8, "the paper's probability 0.1 is multiplied by it and cannot exceed 1, with an augmentation_strength of up to 1.25")]
    public double IntensityAugmentation { get; init; } = 1;

    /// <summary>In which numbers the network multiplies while it trains; predictions are always in 32 bits.</summary>
    public ComputePrecision Precision { get; init; }

    /// <summary>Seed of everything random.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The segmentation loss.</summary>
    public FocalLossOptions FocalLoss { get; init; } = new();

    /// <summary>Weight of the Dice loss beside it; 0: none, as in the paper.</summary>
    [Within(0, Limits.Large, Limits.Real)]
    public double DiceWeight { get; init; }

    /// <summary>Steps of an epoch: whole batches only.</summary>
    internal int StepsPerEpoch => CropsPerEpoch / BatchSize;

    /// <summary>Every fault of the recipe, none if it can be used.</summary>
    public IReadOnlyList<Fault> Faults() => [.. Limits.Of(this), .. Rules(), .. FocalLoss.Faults()];

    private IEnumerable<Fault> Rules()
    {
        if (BatchSize > 0 && CropsPerVolume > 0 && BatchSize % CropsPerVolume != 0)
            yield return new Fault(
                ["batch_size", "crops_per_volume"], "batch_size is no multiple of crops_per_volume", "a batch holds all crops of its volumes",
                $"{BatchSize} crops, {CropsPerVolume} per volume",
                $"for example batch_size {CropsPerVolume * Math.Max(1, BatchSize / CropsPerVolume)}");
        if (CropsPerEpoch > 0 && BatchSize > 0 && CropsPerEpoch < BatchSize)
            yield return new Fault(
                ["crops_per_epoch", "batch_size"], "an epoch has no whole batch", "crops_per_epoch is at least batch_size",
                $"{CropsPerEpoch} crops, batches of {BatchSize}");
    }
}
