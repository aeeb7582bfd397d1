namespace PUNet.Core.Imaging.Nifti.Header;

/// <summary>The qform of NIfTI: rotation as a unit quaternion, voxel size, origin, and the handedness of the grid.</summary>
internal static class NiftiQuaternion
{
    /// <summary>Largest deviation of the direction cosines from orthonormal ones that a qform may hide.</summary>
    private const double Orthonormal = 1e-4;

    /// <summary>The affine's first three rows (12 numbers).</summary>
    /// <param name="b">First imaginary part; the real part follows from unit length and is not negative.</param>
    /// <param name="c">Second imaginary part.</param>
    /// <param name="d">Third imaginary part.</param>
    /// <param name="voxel">Voxel size, mm.</param>
    /// <param name="origin">Position of the first voxel, mm.</param>
    /// <param name="handedness">−1 turns the third axis round.</param>
    public static double[] ToAffine(double b, double c, double d, double[] voxel, double[] origin, int handedness)
    {
        var real = 1 - (b * b + c * c + d * d);
        double a = 0;
        if (real > 1e-7) a = Math.Sqrt(real);
        else if (b * b + c * c + d * d is > 0 and var square) // a half turn, or a quaternion too long by rounding
        {
            var length = Math.Sqrt(square);
            (b, c, d) = (b / length, c / length, d / length);
        }
        double[] rotation =
        [
            a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c),
            2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b),
            2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c,
        ];
        var rows = new double[12];
        for (var r = 0; r < 3; r++)
        {
            for (var axis = 0; axis < 3; axis++) rows[4 * r + axis] = rotation[3 * r + axis] * voxel[axis] * (axis == 2 ? handedness : 1);
            rows[4 * r + 3] = origin[r];
        }
        return rows;
    }

    /// <summary>The quaternion of a geometry and its handedness; null where the grid is sheared, which a qform cannot say.</summary>
    public static (double B, double C, double D, int Handedness)? From(Geometry geometry)
    {
        var spacing = geometry.Spacing;
        var handedness = geometry.Determinant < 0 ? -1 : 1;
        var m = new double[3, 3];
        for (var r = 0; r < 3; r++)
            for (var axis = 0; axis < 3; axis++)
                m[r, axis] = geometry[r, axis] / spacing[axis] * (axis == 2 ? handedness : 1);
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < i; j++)
                if (Math.Abs(m[0, i] * m[0, j] + m[1, i] * m[1, j] + m[2, i] * m[2, j]) > Orthonormal) return null;
        var (a, b, c, d) = Parts(m);
        var sign = a < 0 ? -1 : 1;
        var length = sign * Math.Sqrt(a * a + b * b + c * c + d * d);
        return (b / length, c / length, d / length, handedness);
    }

    /// <summary>Divides by the largest of the four parts, so that no half turn loses digits.</summary>
    private static (double A, double B, double C, double D) Parts(double[,] m)
    {
        double[] squares =
        [
            1 + m[0, 0] + m[1, 1] + m[2, 2], 1 + m[0, 0] - m[1, 1] - m[2, 2],
            1 - m[0, 0] + m[1, 1] - m[2, 2], 1 - m[0, 0] - m[1, 1] + m[2, 2],
        ];
        var largest = Array.IndexOf(squares, squares.Max());
        var twice = Math.Sqrt(squares[largest]); // twice the largest part
        double x = m[2, 1] - m[1, 2], y = m[0, 2] - m[2, 0], z = m[1, 0] - m[0, 1];
        double xy = m[1, 0] + m[0, 1], xz = m[0, 2] + m[2, 0], yz = m[2, 1] + m[1, 2];
        return largest switch
        {
            0 => (twice / 2, x / (2 * twice), y / (2 * twice), z / (2 * twice)),
            1 => (x / (2 * twice), twice / 2, xy / (2 * twice), xz / (2 * twice)),
            2 => (y / (2 * twice), xy / (2 * twice), twice / 2, yz / (2 * twice)),
            _ => (z / (2 * twice), xz / (2 * twice), yz / (2 * twice), twice / 2),
        };
    }
}
