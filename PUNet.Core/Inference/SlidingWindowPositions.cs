using PUNet.Core.Common;

namespace PUNet.Core.Inference;

/// <summary>Positions of the sliding windows over a volume: where each begins (method.md, section 6).</summary>
public static class SlidingWindowPositions
{
    /// <summary>Starts along one axis: steps of <c>max(1, ⌊window·(1 − overlap)⌋)</c>, the last one moved back to end at the border.</summary>
    /// <param name="size">Voxels of the padded volume, at least the window's.</param>
    /// <param name="window">Voxels of the window.</param>
    /// <param name="overlap">Share of the window, in [0, 1).</param>
    public static IReadOnlyList<int> Starts(int size, int window, double overlap)
    {
        if (size < window) throw new ArgumentException($"A window of {window} voxels does not fit into {size}.", nameof(size));
        if (size == window) return [0];
        var step = Math.Max(1, (int)(window * (1 - overlap)));
        var starts = new List<int>();
        for (var start = 0; ; start += step)
        {
            starts.Add(Math.Min(start, size - window));
            if (start + window >= size) return starts;
        }
    }

    /// <summary>Starts of all windows, depth fastest, so that neighbours share their place in the plane.</summary>
    public static IReadOnlyList<Extent> Starts(Extent size, Extent window, double overlap)
    {
        var along = Enumerable.Range(0, 3).Select(axis => Starts(size[axis], window[axis], overlap)).ToArray();
        return [.. from h in along[0] from w in along[1] from d in along[2] select new Extent(h, w, d)];
    }
}
