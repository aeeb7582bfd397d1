using PUNet.Core.Common;

namespace PUNet.Core.Data.Phantoms;

/// <summary>From a point of the scanner to the anatomy: whole-body scale and a smooth random displacement of some millimetres.</summary>
internal sealed class PhantomWarp
{
    private readonly double[] _scale = new double[3];
    private readonly PhantomWaves[] _displacement = new PhantomWaves[3];

    /// <param name="random">Draws scale and displacement.</param>
    public PhantomWarp(RandomStream random)
    {
        var whole = random.Uniform(0.93, 1.05);
        for (var axis = 0; axis < 3; axis++)
        {
            _scale[axis] = 1 / (whole * random.Uniform(0.97, 1.03));
            _displacement[axis] = new PhantomWaves(random, 3, (130, 280), (1.5, 4));
        }
    }

    /// <summary>The anatomy's point at a scanner's point, in mm.</summary>
    public (double X, double Y, double Z) Apply(double x, double y, double z) => (
        x * _scale[0] + _displacement[0].At(x, y, z),
        y * _scale[1] + _displacement[1].At(x, y, z),
        z * _scale[2] + _displacement[2].At(x, y, z));
}
