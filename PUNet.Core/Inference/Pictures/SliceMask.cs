using PUNet.Core.Common;

namespace PUNet.Core.Inference.Pictures;

/// <summary>One axial slice of a mask, kept as the positions at which it begins and ends: a few hundred bytes for an organ.</summary>
internal sealed class SliceMask
{
    private readonly int _width;
    private readonly int[] _changes;

    private SliceMask(int width, int[] changes) => (_width, _changes) = (width, changes);

    /// <summary>Takes a slice out of a mask.</summary>
    /// <param name="extent">H, W, D.</param>
    /// <param name="slice">Index along depth.</param>
    /// <param name="mask">C-order [H, W, D].</param>
    public static SliceMask Of(Extent extent, int slice, bool[] mask)
    {
        var changes = new List<int>();
        var inside = false;
        for (var at = 0; at < extent.H * extent.W; at++)
        {
            if (mask[(long)at * extent.D + slice] == inside) continue;
            inside = !inside;
            changes.Add(at);
        }
        return new SliceMask(extent.W, [.. changes]);
    }

    /// <summary>Whether the voxel (x, y) of [H, W] belongs to it.</summary>
    public bool Contains(int x, int y)
    {
        var found = Array.BinarySearch(_changes, x * _width + y);
        return (found >= 0 ? found + 1 : ~found) % 2 == 1;
    }
}
