using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>From a point of the scanner to the anatomy: whole-body scale and a smooth random displacement of some millimetres.</summary>
internal sealed class PhantomWarp
{
    private const int Waves = 3;

    private readonly double[] _scale = new double[3];
    private readonly (double X, double Y, double Z, double Phase, double Amplitude)[,] _waves = new (double, double, double, double, double)[3, Waves];

    /// <param name="random">Draws scale and waves.</param>
    public PhantomWarp(RandomStream random)
    {
        var whole = random.Uniform(0.93, 1.05);
        for (var axis = 0; axis < 3; axis++)
        {
            _scale[axis] = 1 / (whole * random.Uniform(0.97, 1.03));
            for (var i = 0; i < Waves; i++)
            {
                var length = 2 * Math.PI / random.Uniform(130, 280); // wavelength, mm
                _waves[axis, i] = (length * random.Uniform(-1, 1), length * random.Uniform(-1, 1), length * random.Uniform(-1, 1), random.Uniform(0, 2 * Math.PI), random.Uniform(1.5, 4));
            }
        }
    }

    /// <summary>The anatomy's point at a scanner's point, in mm.</summary>
    public (double X, double Y, double Z) Apply(double x, double y, double z) => (Axis(0, x, x, y, z), Axis(1, y, x, y, z), Axis(2, z, x, y, z));

    private double Axis(int axis, double own, double x, double y, double z)
    {
        var moved = own * _scale[axis];
        for (var i = 0; i < Waves; i++)
        {
            var wave = _waves[axis, i];
            moved += wave.Amplitude * Math.Sin(wave.X * x + wave.Y * y + wave.Z * z + wave.Phase);
        }
        return moved;
    }
}
