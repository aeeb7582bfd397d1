using PUNet.Core.Common;

namespace PUNet.Core.Imaging.Grids;

/// <summary>A box of voxels on a source image's own axes, to crop it to.</summary>
/// <param name="First">First voxel on axes 1, 2, 3; may lie outside the image.</param>
/// <param name="End">One past the last voxel on each axis; may lie outside the image.</param>
public sealed record VoxelBox((int H, int W, int D) First, (int H, int W, int D) End)
{
    /// <summary>True where the second axis is counted from its far end: voxel n lies n voxels before the end.</summary>
    public bool CountsWFromEnd { get; init; }

    /// <summary>The same box counted from the first voxel on every axis, in an image of this extent.</summary>
    public VoxelBox In(Extent image) => CountsWFromEnd
        ? new VoxelBox((First.H, image.W - End.W, First.D), (End.H, image.W - First.W, End.D))
        : this;
}
