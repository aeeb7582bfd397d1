
namespace PUNet.Core.Imaging.Grids;

/// <summary>How any scan comes onto the grid that a network sees, in this order (method.md, section 5).</summary>
public sealed record GridOptions
{
    /// <summary>The paper's: 1.25 × 1.25 × 2.5 mm, slices of 280 × 280, axes as they are.</summary>
    public static GridOptions Paper { get; } = new() { Spacing = new Spacing(1.25, 1.25, 2.5), Rows = 280, Columns = 280 };

    /// <summary>Axis codes; null keeps each scan's own.</summary>
    public Orientation? Orientation { get; init; }

    /// <summary>Crop to the body before resampling; null keeps the whole volume.</summary>
    public BodyCrop? BodyCrop { get; init; }

    /// <summary>Target spacing; null keeps each scan's own.</summary>
    public Spacing? Spacing { get; init; }

    /// <summary>Voxels along the first in-plane axis, to which the resampled image is cropped or padded; null keeps each scan's own.</summary>
    public int? Rows { get; init; }

    /// <summary>Voxels along the second in-plane axis, likewise.</summary>
    public int? Columns { get; init; }
}
