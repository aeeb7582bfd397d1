namespace PUNet.Core.Data.Phantoms;

/// <summary>A superellipsoid |x/a|ⁿ + |y/b|ⁿ + |z/c|ⁿ = 1, turned, and bent along its third axis into a bean.</summary>
internal sealed class PhantomEllipsoid : PhantomShape
{
    private readonly double _x, _y, _z, _a, _b, _c, _power, _bend, _limit;
    private readonly double[] _axes; // rows: the solid's own axes in the patient

    /// <param name="centre">In mm.</param>
    /// <param name="semiAxes">In mm.</param>
    /// <param name="turn">Angles about z, then y, then x, in rad.</param>
    /// <param name="power">n: 2 an ellipsoid, more a rounded box.</param>
    /// <param name="bend">Shift along the own x axis at the tips, in mm.</param>
    public PhantomEllipsoid(
        (double X, double Y, double Z) centre, (double A, double B, double C) semiAxes,
        (double Z, double Y, double X) turn = default, double power = 2, double bend = 0)
    {
        (_x, _y, _z) = centre;
        (_a, _b, _c) = semiAxes;
        (_power, _bend) = (power, bend);
        _limit = Math.Max(_a, Math.Max(_b, _c)) * (power > 2 ? 1.4 : 1) + Math.Abs(bend) + Reach;
        _limit *= _limit;
        _axes = Rotation(turn);
    }

    /// <inheritdoc/>
    public override double Distance(double x, double y, double z)
    {
        (x, y, z) = (x - _x, y - _y, z - _z);
        var far = x * x + y * y + z * z;
        if (far > _limit) return double.MaxValue;
        var m = _axes;
        double u = m[0] * x + m[1] * y + m[2] * z, v = m[3] * x + m[4] * y + m[5] * z, w = m[6] * x + m[7] * y + m[8] * z;
        if (_bend != 0) u -= _bend * (w / _c) * (w / _c);
        var radius = Math.Sqrt(u * u + v * v + w * w);
        if (radius < 1e-6) return -Math.Min(_a, Math.Min(_b, _c));
        (double p, double q, double r) = (Math.Abs(u / _a), Math.Abs(v / _b), Math.Abs(w / _c));
        var level = _power == 2
            ? Math.Sqrt(p * p + q * q + r * r)
            : Math.Pow(Math.Pow(p, _power) + Math.Pow(q, _power) + Math.Pow(r, _power), 1 / _power);
        return radius - radius / level;
    }

    private static double[] Rotation((double Z, double Y, double X) turn)
    {
        var (sz, cz) = Math.SinCos(turn.Z);
        var (sy, cy) = Math.SinCos(turn.Y);
        var (sx, cx) = Math.SinCos(turn.X);
        return
        [
            cz * cy, sz * cy, -sy,
            cz * sy * sx - sz * cx, sz * sy * sx + cz * cx, cy * sx,
            cz * sy * cx + sz * sx, sz * sy * cx - cz * sx, cy * cx,
        ];
    }
}
