using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>A subject in memory, ready to cut patches from.</summary>
/// <param name="Id">Name in the dataset.</param>
/// <param name="Image">Normalised intensities in [−1, 1], C-order [H, W, D].</param>
/// <param name="Labels">0 background, 1…n classes, C-order [H, W, D].</param>
/// <param name="Extent">H, W, D.</param>
public sealed record LoadedSubject(string Id, float[] Image, byte[] Labels, Extent Extent);
