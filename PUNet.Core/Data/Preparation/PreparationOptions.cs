using PUNet.Core.Common;
using PUNet.Core.Common.Settings;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Grids;

namespace PUNet.Core.Data.Preparation;

/// <summary>What preparation does to every subject, in this order (method.md, section 5).</summary>
public sealed record PreparationOptions
{
    /// <summary>Of a prepared label map, whose labels have 8 bits: two of them are background and voxels that nobody annotated.</summary>
    private const int MostClasses = IgnoredLabel.Value - 1;

    /// <summary>
    /// Source label → class name; labels not listed become background, labels of one name are merged. Prepared label maps hold
    /// 0 for background and 1…n in the order of each name's smallest label.
    /// </summary>
    public required IReadOnlyDictionary<int, string> Classes { get; init; }

    /// <summary>
    /// Names of classes that come before all others, whether or not labels are listed for them: those of a model to which the dataset's are
    /// to be added.
    /// </summary>
    public IReadOnlyList<string> EarlierClasses { get; init; } = [];

    /// <summary>
    /// Source label of voxels that nobody annotated: they take no part in the segmentation loss and in scores; null where
    /// there is none.
    /// </summary>
    public int? IgnoredSourceLabel { get; init; }

    /// <summary>Axis codes of the prepared volumes; null keeps each subject's own.</summary>
    public Orientation? Orientation { get; init; } = Imaging.Orientation.Lps;

    /// <summary>Crop to the body before resampling; null keeps the whole volume.</summary>
    [Within(0, 10_000, "it is in mm")]
    public BodyCrop? BodyCrop { get; init; }

    /// <summary>Target spacing; null keeps each subject's own.</summary>
    [Within(0.01, 100, "it is in mm per voxel")]
    public Spacing? Spacing { get; init; }

    /// <summary>Centre crop or pad the two in-plane axes to this extent, in voxels after resampling; null keeps each subject's own.</summary>
    [Within(1, 4096, "a volume of larger slices does not fit into memory")]
    public (int H, int W)? InPlaneExtent { get; init; }

    /// <summary>Subjects without a voxel of one of these classes are left out.</summary>
    public IReadOnlyList<string> RequiredClasses { get; init; } = [];

    /// <summary>Keep subjects without any foreground voxel; otherwise they are left out.</summary>
    public bool KeepEmpty { get; init; }

    /// <summary>Every fault of these options, none if they can be used.</summary>
    public IReadOnlyList<Fault> Faults() => Limits.Of(this, () => [.. ClassFaults(), .. UseFaults()]);

    /// <summary>Foreground class names; the class of name i has the prepared label i + 1.</summary>
    public IReadOnlyList<string> ClassNames =>
        [.. EarlierClasses, .. Classes.GroupBy(entry => entry.Value).OrderBy(group => group.Min(entry => entry.Key)).Select(group => group.Key)
            .Except(EarlierClasses)];

    /// <summary>The source label of each of <see cref="ClassNames"/>; of several merged ones the smallest, and 0 where none is listed.</summary>
    public IReadOnlyList<int> ClassLabels =>
        [.. ClassNames.Select(name => Classes.Where(entry => entry.Value == name).Select(entry => entry.Key).DefaultIfEmpty().Min())];

    /// <summary>What of this holds for any scan, also without labels.</summary>
    internal GridOptions Grid => new()
    {
        Orientation = Orientation,
        BodyCrop = BodyCrop,
        Spacing = Spacing,
        Rows = InPlaneExtent?.H,
        Columns = InPlaneExtent?.W,
    };

    /// <summary>The same options on such a grid.</summary>
    internal PreparationOptions On(GridOptions grid) => this with
    {
        Orientation = grid.Orientation,
        BodyCrop = grid.BodyCrop,
        Spacing = grid.Spacing,
        InPlaneExtent = grid is { Rows: { } rows, Columns: { } columns } ? (rows, columns) : null,
    };

    private IEnumerable<Fault> ClassFaults()
    {
        if (Classes.Count == 0)
            yield return new Fault("classes", "no classes are declared", "label values need names", "none", "add classes [ 1, \"liver\"; … ]");
        foreach (var label in Classes.Keys.Where(label => label is < 1 or > ushort.MaxValue))
            yield return new Fault(
                "classes", $"label value {label} cannot be a class",
                $"0 is background and classes are from 1 to {ushort.MaxValue}, as label maps hold 16-bit numbers", $"{label}");
        foreach (var (label, name) in Classes.Where(entry => string.IsNullOrWhiteSpace(entry.Value)))
            yield return new Fault("classes", $"label value {label} has no name", "a class has a name", $"\"{name}\"");
        if (ClassNames.Count > MostClasses)
            yield return new Fault(
                "classes", "there are too many classes", $"prepared label maps hold at most {MostClasses}", $"{ClassNames.Count}", "leave some out");
    }

    private IEnumerable<Fault> UseFaults()
    {
        if (IgnoredSourceLabel is { } ignored && (ignored is < 1 or > ushort.MaxValue || Classes.ContainsKey(ignored)))
            yield return new Fault("source", $"the ignored label is {ignored}", $"it is from 1 to {ushort.MaxValue} and no class");
        foreach (var fault in ClassList.Faults("required_classes", RequiredClasses, ClassNames)) yield return fault;
    }
}
