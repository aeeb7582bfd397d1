namespace PUNet.Core.Losses;

/// <summary>Constants of the focal segmentation loss (method.md, section 3). Defaults: the published configuration.</summary>
public sealed record FocalLossOptions
{
    /// <summary>γ: how much well-classified voxels are damped; 0 gives weighted cross-entropy.</summary>
    public double Gamma { get; init; } = 4;

    /// <summary>α_bg: weight of background voxels.</summary>
    public double BackgroundAlpha { get; init; } = 1;

    /// <summary>α_fg: weight of foreground voxels before the class's own part is added.</summary>
    public double ForegroundAlpha { get; init; } = 1;

    /// <summary>Added to α, by class label (entry 0 is background); empty: nothing is added. See <see cref="ClassBalance"/>.</summary>
    public IReadOnlyList<double> AdditiveAlpha { get; init; } = [];

    /// <summary>Every fault of these options, none if they can be used.</summary>
    public IEnumerable<string> Faults()
    {
        if (!(Gamma >= 0 && double.IsFinite(Gamma))) yield return $"gamma must be a finite number of at least 0, not {Gamma}.";
        if (!double.IsFinite(BackgroundAlpha) || !double.IsFinite(ForegroundAlpha))
            yield return $"alpha must be finite, not {BackgroundAlpha} (background) and {ForegroundAlpha} (foreground).";
        for (var c = 0; c < AdditiveAlpha.Count; c++)
            if (!double.IsFinite(AdditiveAlpha[c])) yield return $"the additive alpha of class {c} must be finite, not {AdditiveAlpha[c]}.";
    }

    /// <summary>α of one class label.</summary>
    /// <exception cref="ArgumentException">The class has no entry in a non-empty <see cref="AdditiveAlpha"/>.</exception>
    public double Alpha(int label)
    {
        if (AdditiveAlpha.Count > 0 && label >= AdditiveAlpha.Count)
            throw new ArgumentException(
                $"Class {label} has no additive alpha: {AdditiveAlpha.Count} entries are given, for the classes 0 to {AdditiveAlpha.Count - 1}. "
                + "Add one, or leave the list empty.");
        return (label == 0 ? BackgroundAlpha : ForegroundAlpha) + (AdditiveAlpha.Count > 0 ? AdditiveAlpha[label] : 0);
    }
}
