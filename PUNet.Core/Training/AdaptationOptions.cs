using PUNet.Core.Common;
using PUNet.Core.Losses;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;

namespace PUNet.Core.Training;

/// <summary>Everything that determines the adaptation of a backbone to new classes. Defaults: the paper's (method.md, section 4).</summary>
public sealed record AdaptationOptions
{
    public AdaptationVariant Variant { get; init; } = AdaptationVariant.PromptTune;

    /// <summary>Labels of the new classes, ascending.</summary>
    public IReadOnlyList<int> NewClasses { get; init; } = [];

    /// <summary>
    /// Labels of base classes that are active beside the new ones: their prompts are keys and have maps of their own, but stay as
    /// they are, and their voxels count as background.
    /// </summary>
    public IReadOnlyList<int> FrozenClasses { get; init; } = [];

    /// <summary>Fewest new classes active in a sample; 0: all of them.</summary>
    public int FewestActive { get; init; }

    /// <summary>Most new classes active in a sample; 0: all of them.</summary>
    public int MostActive { get; init; }

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

    /// <summary>Highest rate of body, bottlenecks and head in the one-cycle schedule.</summary>
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

    /// <inheritdoc cref="PretrainingOptions.Precision"/>
    public ComputePrecision Precision { get; init; }

    public long Seed { get; init; } = 1;

    /// <summary>Every fault of these options on a backbone, each a sentence; none if it can be adapted so.</summary>
    internal IEnumerable<string> Faults(ModelCard backbone)
    {
        foreach (var fault in backbone.Network.AdaptationFaults(Variant, NewClasses)) yield return fault;
        var fixedLayer = backbone.Network.UsesFixedLayer(Variant);
        if (NewClasses.Intersect(backbone.BaseClasses).Any())
            yield return $"The new classes ({string.Join(", ", NewClasses)}) must not be base classes of the backbone ({string.Join(", ", backbone.BaseClasses)}).";
        if (FrozenClasses.Except(backbone.BaseClasses).Any())
            yield return $"frozen_classes ({string.Join(", ", FrozenClasses)}) must be base classes of the backbone ({string.Join(", ", backbone.BaseClasses)}), whose prompts they keep.";
        if (fixedLayer && (FrozenClasses.Count > 0 || StartFromBaseMean))
            yield return $"{Variant.Keyword()} predicts by a fixed output layer and uses no prompts: leave out frozen_classes and start_from_base_mean.";
        if (fixedLayer && (Fewest, Most) != (NewClasses.Count, NewClasses.Count))
            yield return $"{Variant.Keyword()} has an output channel for each class and trains all of them at once: leave out active_classes.";
        if (StartFromBaseMean && backbone.BaseClasses.Count == 0)
            yield return "start_from_base_mean takes the mean over base classes, and the backbone has none: start from random tokens.";
        if (Fewest < 1 || Most < Fewest || Most > NewClasses.Count)
            yield return $"active_classes must run upwards within 1 to {NewClasses.Count} (the new classes), not from {Fewest} to {Most}.";
        if (!(GradientClip > 0)) yield return $"gradient_clip must be above 0, not {GradientClip}.";
    }

    /// <summary>Fewest new classes of a sample.</summary>
    internal int Fewest => FewestActive == 0 ? NewClasses.Count : FewestActive;

    /// <summary>Most new classes of a sample.</summary>
    internal int Most => MostActive == 0 ? NewClasses.Count : MostActive;
}
