using PUNet.Core.Imaging;

namespace PUNet.Core.Data.Grids;

/// <summary>How any scan comes onto the grid that a network sees, in this order (method.md, section 5).</summary>
public sealed record GridOptions
{
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
