using PUNet.Core.Common;

namespace PUNet.Core.Imaging;

/// <summary>
/// Brings array axes into another anatomical order and direction, without interpolation: axis a of the result is axis
/// <c>From[a]</c> of the source, reversed where <c>Reversed[a]</c>.
/// </summary>
/// <param name="From">A permutation of 0, 1, 2.</param>
/// <param name="Reversed">Whether each axis of the result runs against the source's.</param>
public sealed record Reorientation(IReadOnlyList<int> From, IReadOnlyList<bool> Reversed)
{
    /// <summary>Leaves everything as it is.</summary>
    public static Reorientation None { get; } = new([0, 1, 2], [false, false, false]);

    /// <summary>All 48, the one that changes nothing first.</summary>
    private static readonly IReadOnlyList<Reorientation> _all =
        [.. from order in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] }
            from turns in Enumerable.Range(0, 8)
            select new Reorientation(order, [(turns & 1) > 0, (turns & 2) > 0, (turns & 4) > 0])];

    /// <summary>Whether everything stays as it is.</summary>
    public bool IsNone => From.SequenceEqual(None.From) && !Reversed.Contains(true);

    /// <summary>From one orientation to another.</summary>
    public static Reorientation Between(Orientation source, Orientation target)
    {
        var (from, reversed) = (new int[3], new bool[3]);
        for (var a = 0; a < 3; a++)
        {
            var wanted = target.Direction(a);
            from[a] = Enumerable.Range(0, 3).First(axis => source.Direction(axis).Axis == wanted.Axis);
            reversed[a] = source.Direction(from[a]).Sign != wanted.Sign;
        }
        return new Reorientation(from, reversed);
    }

    /// <summary>
    /// What brings the voxels of one grid onto another one that lies in the same places: no interpolation, every voxel onto one voxel.
    /// Null where the grids are not the same up to order and direction of their axes.
    /// </summary>
    /// <param name="source">Where the voxels lie.</param>
    /// <param name="extent">Their extent.</param>
    /// <param name="target">The other grid.</param>
    /// <param name="targetExtent">Its extent.</param>
    public static Reorientation? Onto(Geometry source, Extent extent, Geometry target, Extent targetExtent) => _all.FirstOrDefault(candidate =>
        candidate.Apply(extent) == targetExtent && target.AgreesWith(candidate.Apply(source, extent), targetExtent, target.HeaderTolerance));

    /// <summary>The way back.</summary>
    public Reorientation Inverse()
    {
        var (from, reversed) = (new int[3], new bool[3]);
        for (var a = 0; a < 3; a++) (from[From[a]], reversed[From[a]]) = (a, Reversed[a]);
        return new Reorientation(from, reversed);
    }

    /// <summary>Extent of the result.</summary>
    public Extent Apply(Extent source) => Extent.From(a => source[From[a]]);

    /// <summary>Geometry of the result: every voxel keeps its place in mm.</summary>
    public Geometry Apply(Geometry geometry, Extent source)
    {
        var rows = new double[12];
        for (var r = 0; r < 3; r++)
        {
            rows[4 * r + 3] = geometry[r, 3];
            for (var a = 0; a < 3; a++)
            {
                rows[4 * r + a] = Reversed[a] ? -geometry[r, From[a]] : geometry[r, From[a]];
                if (Reversed[a]) rows[4 * r + 3] += geometry[r, From[a]] * (source[From[a]] - 1);
            }
        }
        return new Geometry(rows);
    }

    /// <summary>Reordered copy of C-order voxels.</summary>
    public T[] Apply<T>(T[] voxels, Extent source)
    {
        long[] strides = [(long)source.W * source.D, source.D, 1];
        var extent = Apply(source);
        var (start, step) = (0L, new long[3]);
        for (var a = 0; a < 3; a++)
        {
            step[a] = Reversed[a] ? -strides[From[a]] : strides[From[a]];
            if (Reversed[a]) start += strides[From[a]] * (source[From[a]] - 1);
        }
        var result = new T[voxels.LongLength];
        var at = 0L;
        for (var h = 0; h < extent.H; h++)
            for (var w = 0; w < extent.W; w++)
            {
                var from = start + h * step[0] + w * step[1];
                for (var d = 0; d < extent.D; d++, from += step[2]) result[at++] = voxels[from];
            }
        return result;
    }
}
