using PUNet.Core.Common;

namespace PUNet.Core.Blocks.Windows;

/// <summary>Which region every position of every window belongs to; pairs of different regions are masked (method.md, section 1).</summary>
internal static class WindowRegions
{
    private const int OfPadding = 27;
    private const int OfContentBox = 28;

    /// <summary>Regions [P][N] of a grid's windows.</summary>
    public static int[][] Of(WindowGrid grid, bool shifted, PaddingRegion padding)
    {
        var windows = new int[grid.Windows.Count][];
        var index = 0;
        for (var i = 0; i < grid.Windows.H; i++)
            for (var j = 0; j < grid.Windows.W; j++)
                for (var k = 0; k < grid.Windows.D; k++) windows[index++] = OfWindow(grid, new Extent(i, j, k), shifted, padding);
        return windows;
    }

    private static int[] OfWindow(WindowGrid grid, Extent window, bool shifted, PaddingRegion padding)
    {
        var regions = new int[grid.Window.Count];
        var index = 0;
        for (var a = 0; a < grid.Window.H; a++)
            for (var b = 0; b < grid.Window.W; b++)
                for (var c = 0; c < grid.Window.D; c++)
                {
                    var offset = new Extent(a, b, c);
                    var position = Extent.From(axis => grid.Position(axis, window[axis], offset[axis]));
                    regions[index++] = OfPosition(grid, position, shifted, padding);
                }
        return regions;
    }

    private static int OfPosition(WindowGrid grid, Extent position, bool shifted, PaddingRegion padding)
    {
        if (padding == PaddingRegion.OwnRegion)
        {
            var unshifted = shifted ? Extent.From(axis => (position[axis] + grid.Shift[axis]) % grid.Padded[axis]) : position;
            if (!Inside(grid, unshifted, grid.Before)) return OfPadding;
        }
        else if (grid.IsPadded && Inside(grid, position, grid.CropStart)) return OfContentBox;
        return shifted ? 9 * Zone(grid, 0, position) + 3 * Zone(grid, 1, position) + Zone(grid, 2, position) : 0;
    }

    private static bool Inside(WindowGrid grid, Extent position, Extent start)
    {
        for (var axis = 0; axis < 3; axis++)
            if (position[axis] < start[axis] || position[axis] >= start[axis] + grid.Content[axis]) return false;
        return true;
    }

    /// <summary>0 for [0, n − w), 1 for [n − w, n − s), 2 for [n − s, n); 0 on an axis that is not shifted.</summary>
    private static int Zone(WindowGrid grid, int axis, Extent position)
    {
        if (grid.Shift[axis] == 0 || position[axis] < grid.Padded[axis] - grid.Window[axis]) return 0;
        return position[axis] < grid.Padded[axis] - grid.Shift[axis] ? 1 : 2;
    }
}
