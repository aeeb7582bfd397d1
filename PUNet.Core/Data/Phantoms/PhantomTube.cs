namespace PUNet.Core.Data.Phantoms;

/// <summary>A tube through points with a radius at each; straight between them, rounded at the ends.</summary>
internal sealed class PhantomTube : PhantomShape
{
    private readonly (double X, double Y, double Z, double Radius)[] _points;
    private readonly (double X, double Y, double Z) _centre;
    private readonly double _limit;

    /// <param name="points">At least two, in mm.</param>
    public PhantomTube(params (double X, double Y, double Z, double Radius)[] points)
    {
        _points = points;
        _centre = (points.Average(p => p.X), points.Average(p => p.Y), points.Average(p => p.Z));
        _limit = Math.Pow(
            points.Max(p => Math.Sqrt(Square(p.X - _centre.X) + Square(p.Y - _centre.Y) + Square(p.Z - _centre.Z)) + p.Radius) + Reach, 2);
    }

    /// <inheritdoc/>
    public override double Distance(double x, double y, double z)
    {
        if (Square(x - _centre.X) + Square(y - _centre.Y) + Square(z - _centre.Z) > _limit) return double.MaxValue;
        var nearest = double.MaxValue;
        for (var i = 1; i < _points.Length; i++)
        {
            var (a, b) = (_points[i - 1], _points[i]);
            var (dx, dy, dz) = (b.X - a.X, b.Y - a.Y, b.Z - a.Z);
            var along = Math.Clamp(((x - a.X) * dx + (y - a.Y) * dy + (z - a.Z) * dz) / (dx * dx + dy * dy + dz * dz), 0, 1);
            var away = Math.Sqrt(Square(x - a.X - along * dx) + Square(y - a.Y - along * dy) + Square(z - a.Z - along * dz));
            nearest = Math.Min(nearest, away - (a.Radius + along * (b.Radius - a.Radius)));
        }
        return nearest;
    }

    private static double Square(double x) => x * x;
}
