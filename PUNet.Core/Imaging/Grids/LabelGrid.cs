using PUNet.Core.Common;

namespace PUNet.Core.Imaging.Grids;

/// <summary>Whether a label map lies on its image's grid: its voxels in the same places, in whatever order and direction of the axes.</summary>
internal sealed record LabelGrid(Geometry Image, Extent ImageExtent, Geometry Labels, Extent LabelExtent)
{
    /// <summary>What to do about a label map that does not.</summary>
    public const string Remedy =
        "Both must lie on one grid: resample the label map onto the image (nearest neighbour). Correct a header alone only where it is "
        + "known to be wrong, since an affine that does not belong to the voxels turns the labels.";

    /// <summary>Brings the labels onto the image's grid, voxel for voxel; null where they lie on another one.</summary>
    public Reorientation? Way => Reorientation.Onto(Labels, LabelExtent, Image, ImageExtent);

    /// <summary>How the two grids differ, as a sentence.</summary>
    public string Difference => ImageExtent != LabelExtent
        ? $"the label map has {LabelExtent} voxels, the image {ImageExtent}."
        : $"the label map lies at {Labels}, the image at {Image}.";

    /// <summary>The rule that it breaks: shape, orientation or affine.</summary>
    public string Rule => ImageExtent != LabelExtent ? "shape" : Image.Orientation != Labels.Orientation ? "orientation" : "affine";
}
