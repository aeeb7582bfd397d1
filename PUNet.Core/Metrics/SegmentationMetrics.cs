namespace PUNet.Core.Metrics;

/// <summary>The metrics that every evaluation computes.</summary>
public static class SegmentationMetrics
{
    /// <summary>
    /// Distance that normalised surface Dice tolerates, in mm: between the voxel's two edges in the paper's preparation, 1.25 and 2.5 mm.
    /// </summary>
    public const double ToleranceMm = 2;

    /// <summary>Dice (method.md, section 4).</summary>
    public static SegmentationMetric Dice { get; } = new()
    {
        Name = "dice",
        Title = "Dice",
        Meaning = "overlap of the two masks",
        Unit = "%",
        Scale = 100,
        HigherIsBetter = true,
        Value = pair => pair.Overlap.Dice,
    };

    /// <summary>All metrics, Dice first; a further one is one more entry.</summary>
    public static IReadOnlyList<SegmentationMetric> All { get; } =
    [
        Dice,
        new()
        {
            Name = "nsd_2mm", Title = "NSD", Meaning = "share of both surfaces within 2 mm of the other", Unit = "%", Scale = 100,
            HigherIsBetter = true, Value = pair => pair.SurfaceDice(ToleranceMm),
        },
        new()
        {
            Name = "hd95", Title = "HD95", Meaning = "distance within which 95 % of each surface lie of the other", Unit = "mm",
            HigherIsBetter = false, Value = pair => pair.Surfaces?.Hausdorff(95),
        },
        new()
        {
            Name = "assd", Title = "ASSD", Meaning = "mean distance of both surfaces from the other", Unit = "mm",
            HigherIsBetter = false, HasColumn = false, Value = pair => pair.Surfaces?.Assd,
        },
        new()
        {
            Name = "hd", Title = "HD", Meaning = "largest distance of a point of either surface from the other", Unit = "mm",
            HigherIsBetter = false, HasColumn = false, Value = pair => pair.Surfaces?.Hausdorff(100),
        },
        new()
        {
            Name = "iou", Title = "IoU", Meaning = "share of the two masks' union that is in both", Unit = "%", Scale = 100,
            HigherIsBetter = true, HasColumn = false, Value = pair => pair.Overlap.Iou,
        },
        new()
        {
            Name = "volume_error", Title = "ΔV", Meaning = "how far the volume's size is from the reference's, relative to it", Unit = "%",
            Scale = 100, HigherIsBetter = false, HasColumn = false, Value = pair => pair.Overlap.VolumeError,
        },
    ];

    /// <summary>The metrics that tables for people have a column of.</summary>
    public static IReadOnlyList<SegmentationMetric> Columns { get; } = [.. All.Where(metric => metric.HasColumn)];
}
