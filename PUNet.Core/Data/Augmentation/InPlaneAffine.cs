using PUNet.Core.Common;

namespace PUNet.Core.Data.Augmentation;

/// <summary>
/// Rotation about the depth axis, shear and scale in the plane: the output at centred index p reads the input at <c>R·S·Z·p</c>
/// (method.md, section 6). The depth axis is untouched.
/// </summary>
/// <param name="Rotation">Radians.</param>
/// <param name="ShearHW">Entry of S in row H, column W.</param>
/// <param name="ShearWH">Entry of S in row W, column H.</param>
/// <param name="ScaleH">Above 1 the content shrinks along H.</param>
/// <param name="ScaleW">The same along W.</param>
public readonly record struct InPlaneAffine(double Rotation, double ShearHW, double ShearWH, double ScaleH, double ScaleW)
{
    /// <summary>Leaves everything where it is.</summary>
    public static InPlaneAffine Identity { get; } = new(0, 0, 0, 1, 1);

    /// <summary>A random affine with the options' probability, else the identity.</summary>
    public static InPlaneAffine Draw(AugmentationOptions options, RandomStream random)
    {
        if (!random.Chance(options.AffineProbability)) return Identity;
        double Symmetric(double most) => random.Uniform(-most, most);
        return new(
            Symmetric(options.MaximalRotation), Symmetric(options.MaximalShear), Symmetric(options.MaximalShear),
            1 + Symmetric(options.MaximalScaling), 1 + Symmetric(options.MaximalScaling));
    }

    /// <summary>R·S·Z, row by row.</summary>
    internal (double HH, double HW, double WH, double WW) Matrix()
    {
        var (sin, cos) = Math.SinCos(Rotation);
        return (
            (cos - sin * ShearWH) * ScaleH, (cos * ShearHW - sin) * ScaleW,
            (sin + cos * ShearWH) * ScaleH, (sin * ShearHW + cos) * ScaleW);
    }
}
