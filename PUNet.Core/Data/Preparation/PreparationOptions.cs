using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data.Preparation;

/// <summary>What preparation does to every subject, in this order (method.md, section 5).</summary>
public sealed record PreparationOptions
{
    /// <summary>
    /// Source label → class name; labels not listed become background, labels of one name are merged. Prepared label maps hold
    /// 0 for background and 1…n in the order of each name's smallest label.
    /// </summary>
    public required IReadOnlyDictionary<int, string> Classes { get; init; }

    /// <summary>Source label of voxels that nobody annotated: they take no part in the segmentation loss and in scores; null where there is none.</summary>
    public int? IgnoredSourceLabel { get; init; }

    /// <summary>Axis codes of the prepared volumes; null keeps each subject's own.</summary>
    public Orientation? Orientation { get; init; } = Imaging.Orientation.Lps;

    /// <summary>Crop to the body before resampling; null keeps the whole volume.</summary>
    public BodyCrop? BodyCrop { get; init; }

    /// <summary>Target spacing; null keeps each subject's own.</summary>
    public Spacing? Spacing { get; init; }

    /// <summary>Centre crop or pad the two in-plane axes to this extent, in voxels after resampling; null keeps each subject's own.</summary>
    public (int H, int W)? InPlaneExtent { get; init; }

    /// <summary>Subjects without a voxel of one of these classes are left out.</summary>
    public IReadOnlyList<string> RequiredClasses { get; init; } = [];

    /// <summary>Keep subjects without any foreground voxel; otherwise they are left out.</summary>
    public bool KeepEmpty { get; init; }

    /// <summary>All faults of these options, each a sentence; empty where they are sound.</summary>
    public IEnumerable<string> Faults()
    {
        if (Classes.Count == 0) yield return "A preparation needs at least one class; list source labels with class names.";
        foreach (var label in Classes.Keys.Where(label => label is < 1 or > ushort.MaxValue))
            yield return $"A foreground class has a label from 1 to {ushort.MaxValue}; given {label} for '{Classes[label]}'.";
        foreach (var label in Classes.Where(entry => string.IsNullOrWhiteSpace(entry.Value)).Select(entry => entry.Key))
            yield return $"A class needs a name; label {label} has none.";
        if (ClassNames.Count >= IgnoredLabel.Value) yield return $"At most {IgnoredLabel.Value - 1} classes can be prepared; given {ClassNames.Count}.";
        if (IgnoredSourceLabel is { } ignored && (ignored is < 1 or > ushort.MaxValue || Classes.ContainsKey(ignored)))
            yield return $"The ignored label is from 1 to {ushort.MaxValue} and no class; given {ignored}.";
        if (Spacing is { } s && !s.ToArray().All(x => double.IsFinite(x) && x > 0)) yield return $"A spacing is positive, in mm; given {s}.";
        if (InPlaneExtent is { } e && (e.H < 1 || e.W < 1)) yield return $"An in-plane extent is positive, in voxels; given {e.H}×{e.W}.";
        if (BodyCrop is { } crop && !(crop.MarginMm >= 0)) yield return FormattableString.Invariant($"A body crop's margin is not negative, in mm; given {crop.MarginMm}.");
        foreach (var name in RequiredClasses.Where(name => !ClassNames.Contains(name)))
            yield return $"A required class must be one of the prepared classes ({string.Join(", ", ClassNames)}); given '{name}'.";
    }

    /// <summary>Foreground class names; the class of name i has the prepared label i + 1.</summary>
    public IReadOnlyList<string> ClassNames =>
        [.. Classes.GroupBy(entry => entry.Value).OrderBy(group => group.Min(entry => entry.Key)).Select(group => group.Key)];
}
