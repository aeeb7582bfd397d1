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

    /// <summary>Labels on the grid of what they belong to, and whether their axes had to be brought into its order and direction.</summary>
    /// <param name="geometry">Where the grid lies.</param>
    /// <param name="extent">Its voxels.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="path">Their file.</param>
    /// <param name="owner">What they belong to, for messages: "its image PATH".</param>
    /// <exception cref="ImageFileException">They lie on another grid.</exception>
    public static (LabelMap Labels, bool IsTurned) Onto(Geometry geometry, Extent extent, LabelMap labels, string path, string owner)
    {
        var grid = new LabelGrid(geometry, extent, labels.Geometry, labels.Extent);
        if (grid.Way is not { } way) throw new ImageFileException(path, $"does not fit {owner}: {grid.Difference} {Remedy}");
        return way.IsNone ? (labels, false) : (new LabelMap(way.Apply(labels.Data, labels.Extent), extent, geometry), true);
    }

    /// <summary>The rule that it breaks: shape, orientation or affine.</summary>
    public string Rule => ImageExtent != LabelExtent ? "shape" : Image.Orientation != Labels.Orientation ? "orientation" : "affine";
}
