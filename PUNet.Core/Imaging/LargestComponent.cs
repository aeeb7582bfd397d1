using PUNet.Core.Common;

namespace PUNet.Core.Imaging;

/// <summary>The largest connected set of voxels (6 neighbours) above a threshold.</summary>
public static class LargestComponent
{
    /// <summary>
    /// Its bounding box as first voxel and extent; null where no voxel reaches the threshold. Of equally large components the one
    /// whose first voxel comes first.
    /// </summary>
    /// <param name="image">C-order [H, W, D].</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="threshold">Lowest intensity that counts.</param>
    public static ((int H, int W, int D) Start, Extent Extent)? Box(ReadOnlySpan<float> image, Extent extent, double threshold)
    {
        var open = new bool[image.Length];
        for (var i = 0; i < image.Length; i++) open[i] = image[i] >= threshold;
        var stack = new Stack<int>();
        var largest = 0L;
        ((int H, int W, int D) Low, (int H, int W, int D) High) best = default;
        for (var seed = 0; seed < open.Length; seed++)
        {
            if (!open[seed]) continue;
            var (size, low, high) = Fill(seed);
            if (size > largest) (largest, best) = (size, (low, high));
        }
        if (largest == 0) return null;
        return (best.Low, new Extent(best.High.H - best.Low.H + 1, best.High.W - best.Low.W + 1, best.High.D - best.Low.D + 1));

        (long Size, (int H, int W, int D) Low, (int H, int W, int D) High) Fill(int seed)
        {
            var size = 0L;
            (int H, int W, int D) low = (int.MaxValue, int.MaxValue, int.MaxValue), high = (-1, -1, -1);
            Visit(seed);
            while (stack.TryPop(out var i))
            {
                size++;
                var (h, w, d) = (i / (extent.W * extent.D), i / extent.D % extent.W, i % extent.D);
                low = (Math.Min(low.H, h), Math.Min(low.W, w), Math.Min(low.D, d));
                high = (Math.Max(high.H, h), Math.Max(high.W, w), Math.Max(high.D, d));
                if (d > 0) Visit(i - 1);
                if (d < extent.D - 1) Visit(i + 1);
                if (w > 0) Visit(i - extent.D);
                if (w < extent.W - 1) Visit(i + extent.D);
                if (h > 0) Visit(i - extent.W * extent.D);
                if (h < extent.H - 1) Visit(i + extent.W * extent.D);
            }
            return (size, low, high);
        }

        void Visit(int i)
        {
            if (!open[i]) return;
            open[i] = false;
            stack.Push(i);
        }
    }
}
