using PUNet.Core.Common;

namespace PUNet.Core.Imaging;

/// <summary>Between file order (axis 0 fastest) and memory order (axis 2 fastest).</summary>
internal static class Transposition
{
    /// <summary>A cache line of floats: every line that is read is used up, and as many lines are written as a cache holds at once.</summary>
    private const int Tile = 16;

    /// <summary>Puts whole slices in file order into a C-order volume.</summary>
    /// <param name="slices">Numbers of consecutive slices, axis 0 fastest.</param>
    /// <param name="volume">C-order [H, W, D].</param>
    /// <param name="extent">H, W, D of the volume.</param>
    /// <param name="first">Index of the first slice.</param>
    public static void FromFortran<T>(ReadOnlySpan<T> slices, Span<T> volume, Extent extent, int first)
    {
        var slice = extent.H * extent.W;
        var count = slices.Length / slice;
        var row = extent.W * extent.D;
        for (var w = 0; w < extent.W; w++)
            for (var tile = 0; tile < extent.H; tile += Tile)
            {
                var length = Math.Min(Tile, extent.H - tile);
                for (var d = 0; d < count; d++)
                {
                    var from = slices.Slice(d * slice + w * extent.H + tile, length);
                    var to = volume[(tile * row + w * extent.D + first + d)..];
                    for (int h = 0, at = 0; h < from.Length; h++, at += row) to[at] = from[h];
                }
            }
    }

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
