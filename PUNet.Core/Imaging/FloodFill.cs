using PUNet.Core.Common;

namespace PUNet.Core.Imaging;

/// <summary>Visits connected voxels (6 neighbours) of a mask, each once in the life of the fill.</summary>
/// <param name="open">C-order [H, W, D]; voxels that were visited are closed.</param>
/// <param name="extent">H, W, D.</param>
internal sealed class FloodFill(bool[] open, Extent extent)
{
    private readonly Stack<int> _stack = new();

    /// <summary>Visits the open voxels that are connected with one, which is open.</summary>
    /// <param name="seed">Index of the voxel.</param>
    /// <param name="each">Told the index of each; null: nothing is.</param>
    /// <returns>How many there are, and the first and last of them along each axis.</returns>
    public (long Size, (int H, int W, int D) Low, (int H, int W, int D) High) From(int seed, Action<int>? each = null)
    {
        var size = 0L;
        (int H, int W, int D) low = (int.MaxValue, int.MaxValue, int.MaxValue), high = (-1, -1, -1);
        Visit(seed);
        while (_stack.TryPop(out var i))
        {
            size++;
            each?.Invoke(i);
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

    private void Visit(int i)
    {
        if (!open[i]) return;
        open[i] = false;
        _stack.Push(i);
    }
}
