using PUNet.Core.Common;

namespace PUNet.Core.Imaging;

/// <summary>
/// Where a voxel grid lies: the affine from voxel indices to mm in RAS+ (x grows from the patient's left to right,
/// y to anterior, z to superior), oblique and sheared ones included. Immutable.
/// </summary>
public sealed class Geometry : IEquatable<Geometry>
{
    private const double HeaderShare = 0.1;

    private readonly double[] _rows; // three rows of four: [linear part | origin]

    /// <param name="rows">The affine's first three rows, row by row: 12 finite numbers with an invertible linear part.</param>
    /// <exception cref="ArgumentException">Not 12 finite numbers, or the linear part is singular.</exception>
    public Geometry(IReadOnlyList<double> rows)
    {
        if (rows.Count != 12 || rows.Any(x => !double.IsFinite(x)))
            throw new ArgumentException("An affine has three rows of four finite numbers.");
        _rows = [.. rows];
        var scale = Spacing.H * Spacing.W * Spacing.D;
        if (!(Math.Abs(Determinant) > 1e-9 * scale) || !(scale > 0))
            throw new ArgumentException(
                "An affine's linear part must be invertible: no axis may vanish or lie in the plane of the others.");
    }

    /// <summary>One element of the 4×4 affine.</summary>
    public double this[int row, int column] => row == 3 ? (column == 3 ? 1 : 0) : _rows[4 * row + column];

    /// <summary>The affine's first three rows, row by row.</summary>
    public double[] ToArray() => (double[])_rows.Clone();

    /// <summary>Lengths of the affine's columns: mm per voxel step along each array axis.</summary>
    public Spacing Spacing => Spacing.From(axis => Math.Sqrt(Square(0, axis) + Square(1, axis) + Square(2, axis)));

    /// <summary>For example LPS: the anatomical direction in which each array axis points most.</summary>
    public Orientation Orientation => Orientation.Closest(this);

    /// <summary>A grid along the RAS axes with its first voxel at the origin.</summary>
    public static Geometry FromSpacing(Spacing spacing) => new([spacing.H, 0, 0, 0, 0, spacing.W, 0, 0, 0, 0, spacing.D, 0]);

    /// <summary>The point in mm at a voxel index (fractions allowed).</summary>
    public (double X, double Y, double Z) ToMm(double h, double w, double d) => (Row(0, h, w, d), Row(1, h, w, d), Row(2, h, w, d));

    /// <summary>
    /// Geometry of a grid whose voxel v lies at voxel <c>axis ⋅ scale + offset</c> of this grid, per axis: cropping and padding
    /// (scale 1) and resampling.
    /// </summary>
    public Geometry Along(Func<int, (double Scale, double Offset)> axis)
    {
        var rows = new double[12];
        for (var r = 0; r < 3; r++)
        {
            rows[4 * r + 3] = this[r, 3];
            for (var c = 0; c < 3; c++)
            {
                var (scale, offset) = axis(c);
                rows[4 * r + c] = this[r, c] * scale;
                rows[4 * r + 3] += this[r, c] * offset;
            }
        }
        return new Geometry(rows);
    }

    /// <summary>How far two headers that mean one grid may lie apart, in mm: numbers are rounded. A tenth of the smallest voxel side.</summary>
    public double HeaderTolerance => HeaderShare * Spacing.ToArray().Min();

    /// <summary>True where every corner of a grid of this extent lies within <paramref name="toleranceMm"/> in both geometries.</summary>
    public bool AgreesWith(Geometry other, Extent extent, double toleranceMm) => LargestDistance(other, extent) <= toleranceMm;

    /// <summary>The largest distance, along x, y or z, between the corners of a grid of this extent in two geometries, in mm.</summary>
    public double LargestDistance(Geometry other, Extent extent)
    {
        var largest = 0.0;
        for (var corner = 0; corner < 8; corner++)
        {
            double h = (corner & 1) * (extent.H - 1), w = (corner >> 1 & 1) * (extent.W - 1), d = (corner >> 2) * (extent.D - 1);
            for (var r = 0; r < 3; r++) largest = Math.Max(largest, Math.Abs(Row(r, h, w, d) - other.Row(r, h, w, d)));
        }
        return largest;
    }

    /// <inheritdoc/>
    public bool Equals(Geometry? other) => other is not null && _rows.AsSpan().SequenceEqual(other._rows);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Geometry);

    /// <inheritdoc/>
    public override int GetHashCode() => _rows.Aggregate(17, HashCode.Combine);

    /// <summary>Axis codes, spacing and origin, for messages.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Orientation} {Spacing} from ({this[0, 3]:0.##}, {this[1, 3]:0.##}, {this[2, 3]:0.##})");

    /// <summary>Determinant of the linear part: negative where the grid is left-handed.</summary>
    internal double Determinant =>
        this[0, 0] * (this[1, 1] * this[2, 2] - this[1, 2] * this[2, 1])
        - this[0, 1] * (this[1, 0] * this[2, 2] - this[1, 2] * this[2, 0])
        + this[0, 2] * (this[1, 0] * this[2, 1] - this[1, 1] * this[2, 0]);

    private double Square(int row, int column) => this[row, column] * this[row, column];

    private double Row(int row, double h, double w, double d) => this[row, 0] * h + this[row, 1] * w + this[row, 2] * d + this[row, 3];
}
