using PUNet.Core.Common;

namespace PUNet.Core.Imaging;

/// <summary>From memory order (axis 2 fastest) to file order (axis 0 fastest).</summary>
internal static class Transposition
{
    /// <summary>Takes whole slices in file order out of a C-order volume.</summary>
    /// <param name="volume">C-order [H, W, D].</param>
    /// <param name="extent">H, W, D of the volume.</param>
    /// <param name="first">Index of the first slice.</param>
    /// <param name="slices">Filled with consecutive slices, axis 0 fastest.</param>
    public static void ToFortran<T>(ReadOnlySpan<T> volume, Extent extent, int first, Span<T> slices)
    {
        var slice = extent.H * extent.W;
        var count = slices.Length / slice;
        for (var w = 0; w < extent.W; w++)
            for (var h = 0; h < extent.H; h++)
            {
                var from = volume.Slice((h * extent.W + w) * extent.D + first, count);
                var at = w * extent.H + h;
                for (var d = 0; d < count; d++, at += slice) slices[at] = from[d];
            }
    }
}
