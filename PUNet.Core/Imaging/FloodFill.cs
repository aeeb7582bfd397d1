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
    /// <param name="each">Told the index of each.</param>
    /// <returns>How many there are.</returns>
    public long From(int seed, Action<int> each)
    {
        var size = 0L;
        Visit(seed);
        while (_stack.TryPop(out var i))
        {
            size++;
            each(i);
            var (h, w, d) = (i / (extent.W * extent.D), i / extent.D % extent.W, i % extent.D);
            if (d > 0) Visit(i - 1);
            if (d < extent.D - 1) Visit(i + 1);
            if (w > 0) Visit(i - extent.D);
            if (w < extent.W - 1) Visit(i + extent.D);
            if (h > 0) Visit(i - extent.W * extent.D);
            if (h < extent.H - 1) Visit(i + extent.W * extent.D);
        }
        return size;
    }

    private void Visit(int i)
    {
        if (!open[i]) return;
        open[i] = false;
        _stack.Push(i);
    }
}
