namespace PUNet.Core.Metrics;

/// <summary>
/// Area of the surface between the eight voxels around a corner, for each of the 256 ways they can be inside or outside: marching
/// cubes with the surface half-way between voxels. On a face with two opposite inside voxels the surface keeps them apart.
/// Bit 4·i + 2·j + k of a code is the voxel at offset (i, j, k).
/// </summary>
internal static class SurfaceElements
{
    /// <summary>Areas in mm², by code.</summary>
    /// <param name="spacing">Voxel size, mm.</param>
    public static double[] Areas(IReadOnlyList<double> spacing)
    {
        var areas = new double[256];
        for (var code = 1; code < 255; code++) areas[code] = Loops(code).Sum(loop => Area(loop, spacing));
        return areas;
    }

    private static bool Inside(int code, int corner) => (code >> corner & 1) == 1;

    /// <summary>Closed polygons through middles of edges; a middle is the sum of the two corners' offsets (0, 1 or 2 per axis).</summary>
    private static IEnumerable<List<int[]>> Loops(int code)
    {
        var next = new Dictionary<(int, int, int), (int, int, int)>();
        for (var axis = 0; axis < 3; axis++)
            for (var side = 0; side < 2; side++)
                foreach (var (from, to) in Segments(code, Face(axis, side))) next[from] = to;
        while (next.Count > 0)
        {
            var loop = new List<int[]>();
            var at = next.Keys.First();
            while (next.Remove(at, out var following))
            {
                loop.Add([at.Item1, at.Item2, at.Item3]);
                at = following;
            }
            yield return loop;
        }
    }

    /// <summary>The four corners of a face, in the sense of rotation seen from outside the cube.</summary>
    private static int[] Face(int axis, int side)
    {
        int[] bit = [4, 2, 1];
        var (u, v) = (bit[(axis + 1) % 3], bit[(axis + 2) % 3]);
        var start = side * bit[axis];
        return side == 1 ? [start, start + u, start + u + v, start + v] : [start, start + v, start + u + v, start + u];
    }

    /// <summary>On a face, for each run of inside corners one segment from the edge where it ends to the edge where it begins.</summary>
    private static IEnumerable<((int, int, int) From, (int, int, int) To)> Segments(int code, int[] face)
    {
        for (var i = 0; i < 4; i++)
        {
            if (Inside(code, face[i]) || !Inside(code, face[(i + 1) % 4])) continue; // a run begins after corner i
            var last = i + 1;
            while (Inside(code, face[(last + 1) % 4])) last++;
            yield return (Middle(face[last % 4], face[(last + 1) % 4]), Middle(face[i], face[(i + 1) % 4]));
        }
    }

    private static (int, int, int) Middle(int a, int b) => ((a >> 2) + (b >> 2), (a >> 1 & 1) + (b >> 1 & 1), (a & 1) + (b & 1));

    /// <summary>Area of the fan from the polygon's first corner.</summary>
    private static double Area(List<int[]> loop, IReadOnlyList<double> spacing)
    {
        double[] Edge(int to) => [.. Enumerable.Range(0, 3).Select(axis => (loop[to][axis] - loop[0][axis]) / 2.0 * spacing[axis])];
        var area = 0.0;
        for (var i = 2; i < loop.Count; i++)
        {
            var (a, b) = (Edge(i - 1), Edge(i));
            var (x, y, z) = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
            area += Math.Sqrt(x * x + y * y + z * z) / 2;
        }
        return area;
    }
}
