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
        if (Largest(open, extent) is not (_, var low, var high)) return null;
        return (low, new Extent(high.H - low.H + 1, high.W - low.W + 1, high.D - low.D + 1));
    }

    /// <summary>The mask without all else; empty where the mask is.</summary>
    /// <param name="mask">C-order [H, W, D].</param>
    /// <param name="extent">H, W, D.</param>
    public static bool[] Of(ReadOnlySpan<bool> mask, Extent extent)
    {
        var kept = new bool[mask.Length];
        if (Largest(mask.ToArray(), extent) is { } largest) new FloodFill(mask.ToArray(), extent).From(largest.Seed, i => kept[i] = true);
        return kept;
    }

    /// <summary>First voxel of the largest component in the order of voxels, and its bounds; closes all.</summary>
    private static (int Seed, (int H, int W, int D) Low, (int H, int W, int D) High)? Largest(bool[] open, Extent extent)
    {
        var fill = new FloodFill(open, extent);
        (int, (int, int, int), (int, int, int))? best = null;
        var largest = 0L;
        for (var seed = 0; seed < open.Length; seed++)
        {
            if (!open[seed]) continue;
            var (size, low, high) = fill.From(seed);
            if (size > largest) (largest, best) = (size, (seed, low, high));
        }
        return best;
    }
}
