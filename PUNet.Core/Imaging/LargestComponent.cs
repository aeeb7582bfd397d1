using PUNet.Core.Common;

namespace PUNet.Core.Imaging;

/// <summary>
/// The largest connected set of voxels (6 neighbours). Of equally large ones the one whose first voxel comes first.
/// </summary>
public static class LargestComponent
{
    /// <summary>Its bounding box as first voxel and extent; null where no voxel reaches the threshold.</summary>
    /// <param name="image">C-order [H, W, D].</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="threshold">Lowest intensity that counts.</param>
    public static ((int H, int W, int D) Start, Extent Extent)? Box(ReadOnlySpan<float> image, Extent extent, double threshold)
    {
        var open = new bool[image.Length];
        for (var i = 0; i < image.Length; i++) open[i] = image[i] >= threshold;
        if (Largest((bool[])open.Clone(), extent) is not { } seed) return null;
        var (low, high) = ((H: int.MaxValue, W: int.MaxValue, D: int.MaxValue), (H: -1, W: -1, D: -1));
        new FloodFill(open, extent).From(seed, i =>
        {
            var (h, w, d) = (i / (extent.W * extent.D), i / extent.D % extent.W, i % extent.D);
            low = (Math.Min(low.H, h), Math.Min(low.W, w), Math.Min(low.D, d));
            high = (Math.Max(high.H, h), Math.Max(high.W, w), Math.Max(high.D, d));
        });
        return (low, new Extent(high.H - low.H + 1, high.W - low.W + 1, high.D - low.D + 1));
    }

    /// <summary>The mask without all else; empty where the mask is.</summary>
    /// <param name="mask">C-order [H, W, D].</param>
    /// <param name="extent">H, W, D.</param>
    public static bool[] Of(ReadOnlySpan<bool> mask, Extent extent)
    {
        var kept = new bool[mask.Length];
        if (Largest(mask.ToArray(), extent) is { } seed) new FloodFill(mask.ToArray(), extent).From(seed, i => kept[i] = true);
        return kept;
    }

    /// <summary>First voxel of the largest component; closes all.</summary>
    private static int? Largest(bool[] open, Extent extent)
    {
        var fill = new FloodFill(open, extent);
        int? best = null;
        var largest = 0L;
        for (var seed = 0; seed < open.Length; seed++)
        {
            if (!open[seed]) continue;
            var size = fill.From(seed, _ => { });
            if (size > largest) (largest, best) = (size, seed);
        }
        return best;
    }
}
