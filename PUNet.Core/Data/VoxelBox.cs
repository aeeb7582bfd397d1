namespace PUNet.Core.Data;

/// <summary>A box of voxels on a source image's own axes, to crop it to.</summary>
/// <param name="First">First voxel on axes 1, 2, 3; may lie outside the image.</param>
/// <param name="End">One past the last voxel on each axis; may lie outside the image.</param>
public sealed record VoxelBox((int H, int W, int D) First, (int H, int W, int D) End);
