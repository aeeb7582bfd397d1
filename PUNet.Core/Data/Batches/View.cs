using PUNet.Core.Common;

namespace PUNet.Core.Data.Batches;

/// <summary>One augmented cut-out of a subject, in managed memory.</summary>
/// <param name="Image">Intensities, C-order [H, W, D].</param>
/// <param name="Labels">Class labels, C-order [H, W, D].</param>
/// <param name="Coordinates">Three maps [3, H, W, D]: where each element lies in the subject, in voxels from the volume's centre.</param>
/// <param name="Extent">H, W, D.</param>
public sealed record View(float[] Image, byte[] Labels, float[] Coordinates, Extent Extent);
