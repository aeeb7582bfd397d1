using PUNet.Core.Common;

namespace PUNet.Core.Data.Phantoms;

/// <summary>A smooth random field: a sum of plane waves.</summary>
internal sealed class PhantomWaves
{
    private readonly (double X, double Y, double Z, double Phase, double Amplitude)[] _waves;

    /// <param name="random">Draws directions, lengths and phases.</param>
    /// <param name="count">Number of waves.</param>
    /// <param name="length">Shortest and longest wave, in mm.</param>
    /// <param name="amplitude">Smallest and largest amplitude of a wave.</param>
    public PhantomWaves(RandomStream random, int count, (double Low, double High) length, (double Low, double High) amplitude)
    {
        _waves = new (double, double, double, double, double)[count];
        for (var i = 0; i < count; i++)
        {
            var number = 2 * Math.PI / random.Uniform(length.Low, length.High);
            _waves[i] = (number * random.Uniform(-1, 1), number * random.Uniform(-1, 1), number * random.Uniform(-1, 1),
                random.Uniform(0, 2 * Math.PI), random.Uniform(amplitude.Low, amplitude.High));
        }
    }

    /// <summary>The field at a point in mm.</summary>
    public double At(double x, double y, double z)
    {
        var sum = 0.0;
        foreach (var wave in _waves) sum += wave.Amplitude * Math.Sin(wave.X * x + wave.Y * y + wave.Z * z + wave.Phase);
        return sum;
    }
}
