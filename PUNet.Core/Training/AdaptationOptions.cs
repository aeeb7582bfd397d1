using PUNet.Core.Losses;
using PUNet.Core.Models;

namespace PUNet.Core.Training;

/// <summary>Everything that determines the adaptation of a backbone to new classes. Defaults: the paper's (method.md, section 4).</summary>
public sealed record AdaptationOptions
{
    public AdaptationVariant Variant { get; init; } = AdaptationVariant.Prompting;

    /// <summary>Labels of the new classes, ascending.</summary>
    public IReadOnlyList<int> NewClasses { get; init; } = [];

    /// <summary>Start from the mean of the base classes' tokens instead of random ones.</summary>
    public bool StartFromBaseMean { get; init; }

    public int Epochs { get; init; } = 100;

    /// <inheritdoc cref="PretrainingOptions.CropsPerEpoch"/>
    public int CropsPerEpoch { get; init; } = 5000;

    /// <inheritdoc cref="PretrainingOptions.BatchSize"/>
    public int BatchSize { get; init; } = 16;

    /// <inheritdoc cref="PretrainingOptions.CropsPerVolume"/>
    public int CropsPerVolume { get; init; } = 2;

    /// <inheritdoc cref="PretrainingOptions.ForegroundFraction"/>
    public double ForegroundFraction { get; init; }

    /// <summary>Highest rate of body, adapters and head in the one-cycle schedule.</summary>
    public double BodyRate { get; init; } = 5e-4;

    /// <summary>Highest rate of prompts and prompt bias scores.</summary>
    public double PromptRate { get; init; } = 5e-4;

    public double WeightDecay { get; init; }

    /// <inheritdoc cref="PretrainingOptions.Focal"/>
    public FocalLossOptions Focal { get; init; } = new();

    /// <inheritdoc cref="PretrainingOptions.ClassRatioFactor"/>
    public double ClassRatioFactor { get; init; } = 0.01;

    /// <inheritdoc cref="PretrainingOptions.GradientClip"/>
    public double GradientClip { get; init; } = 1;

    /// <summary>Keep a frozen backbone's normalisation statistics as they are, so that it stays bit-identical.</summary>
    public bool FreezeStatistics { get; init; } = true;

    /// <summary>Only the first n annotated training subjects; null: all.</summary>
    public int? Subjects { get; init; }

    /// <inheritdoc cref="PretrainingOptions.AugmentationStrength"/>
    public double AugmentationStrength { get; init; } = 1;

    public long Seed { get; init; } = 1;
}
