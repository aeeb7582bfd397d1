using PUNet.Core.Common.Settings;

namespace PUNet.Core.Losses;

/// <summary>Constants of the focal segmentation loss (method.md, section 3). Defaults: the published configuration.</summary>
public sealed record FocalLossOptions
{
    /// <summary>γ: how much well-classified voxels are damped; 0 gives weighted cross-entropy.</summary>
    [Within(0, 100, "with more, no voxel counts that is not wholly wrong")]
    public double Gamma { get; init; } = 4;

    /// <summary>α_bg: weight of background voxels.</summary>
    [Within(0, Limits.Large, Limits.Real)]
    public double BackgroundAlpha { get; init; } = 1;

    /// <summary>α_fg: weight of foreground voxels before the class's own part is added.</summary>
    [Within(0, Limits.Large, Limits.Real)]
    public double ForegroundAlpha { get; init; } = 1;

    /// <summary>
    /// Factor of the class's own part of α, which comes from how rare it is in the training subjects (<see cref="ClassBalance"/>);
    /// 0: none. The paper's: 0.01 for CT-ORG, 0.001 for TCIA/BTCV.
    /// </summary>
    [Within(0, Limits.Large, Limits.Real)]
    public double RatioFactor { get; init; } = 0.01;

    /// <summary>The class's own part of α for every foreground class of the dataset, in its order; null: by the ratios.</summary>
    [Within(0, Limits.Large, Limits.Real)]
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>Every fault of these options, none if they can be used.</summary>
    public IReadOnlyList<Fault> Faults() => Limits.Of(this);

    /// <summary>Faults of these options on a dataset of so many foreground classes.</summary>
    public IEnumerable<Fault> Faults(int classes)
    {
        if (ClassWeights is { } weights && weights.Count != classes)
            yield return new Fault(
                "class_weights", "class_weights does not fit the dataset",
                $"it has one number for every class ({classes})", $"{weights.Count} numbers");
    }
}
