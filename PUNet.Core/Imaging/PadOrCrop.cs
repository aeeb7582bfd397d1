using PUNet.Core.Common;

namespace PUNet.Core.Imaging;

/// <summary>Cuts a box out of a C-order volume; what lies outside the volume is filled.</summary>
public static class PadOrCrop
{
    /// <summary>
    /// Where a centred box begins, in voxels of the volume: padding of p voxels puts ⌊p/2⌋ before (a negative start); cropping centres
    /// the box on voxel ⌊n/2⌋ (method.md, section 5).
    /// </summary>
    public static int CentredStart(int length, int wanted) => wanted >= length ? -((wanted - length) / 2) : length / 2 - wanted / 2;

    /// <summary>The box that begins at <paramref name="start"/> and has extent <paramref name="box"/>; outside is <paramref name="fill"/>.</summary>
    /// <param name="voxels">C-order [H, W, D].</param>
    /// <param name="extent">H, W, D of the volume.</param>
    /// <param name="start">First voxel on each axis; may be negative.</param>
    /// <param name="box">Extent of the result.</param>
    /// <param name="fill">Value outside.</param>
    public static T[] Apply<T>(ReadOnlySpan<T> voxels, Extent extent, (int H, int W, int D) start, Extent box, T fill)
    {
        var result = new T[box.Count];
        result.AsSpan().Fill(fill);
        var (first, last) = (Math.Max(0, start.D), Math.Min(extent.D, start.D + box.D));
        if (last <= first) return result;
        for (var h = Math.Max(0, start.H); h < Math.Min(extent.H, start.H + box.H); h++)
            for (var w = Math.Max(0, start.W); w < Math.Min(extent.W, start.W + box.W); w++)
                voxels.Slice((h * extent.W + w) * extent.D + first, last - first)
                    .CopyTo(result.AsSpan(((h - start.H) * box.W + (w - start.W)) * box.D + (first - start.D)));
        return result;
    }
}
