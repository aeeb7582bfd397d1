using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Tests.Imaging;

/// <summary>Volumes for tests.</summary>
internal static class Volumes
{
    /// <summary>Every voxel has its own value: 0, 1, 2 … in C-order.</summary>
    public static Volume Counting(Extent extent, Geometry? geometry = null) =>
        new([.. Enumerable.Range(0, (int)extent.Count).Select(i => (float)i)], extent, geometry ?? Geometry.FromSpacing(new(1, 1, 1)));

    /// <summary>Labels from a rule on the indices.</summary>
    public static LabelMap Labels(Extent extent, Func<int, int, int, int> label, Geometry? geometry = null)
    {
        var data = new ushort[extent.Count];
        var at = 0;
        for (var h = 0; h < extent.H; h++)
            for (var w = 0; w < extent.W; w++)
                for (var d = 0; d < extent.D; d++) data[at++] = (ushort)label(h, w, d);
        return new LabelMap(data, extent, geometry ?? Geometry.FromSpacing(new(1, 1, 1)));
    }

    /// <summary>A tilted grid whose axes still point mostly as the orientation says.</summary>
    public static Geometry Oblique(Orientation orientation, Spacing spacing, double angle)
    {
        var (s, c) = Math.SinCos(angle);
        double[,] rotation = { { c, -s, 0 }, { c * s, c * c, -s }, { s * s, s * c, c } };
        var rows = new double[12];
        for (var r = 0; r < 3; r++)
        {
            rows[4 * r + 3] = 10 * r - 7.5;
            for (var axis = 0; axis < 3; axis++)
            {
                var (column, sign) = orientation.Direction(axis);
                rows[4 * r + axis] = rotation[r, column] * sign * spacing[axis];
            }
        }
        return new Geometry(rows);
    }
}
