using PUNet.Core.Common.Settings;

namespace PUNet.Core.Imaging;

/// <summary>Distance between voxel centres along the three array axes, in mm.</summary>
/// <param name="H">Along axis 0.</param>
/// <param name="W">Along axis 1.</param>
/// <param name="D">Along axis 2.</param>
public readonly record struct Spacing(double H, double W, double D) : INumbers
{
    /// <summary>Spacing along axis 0, 1 or 2, in mm.</summary>
    public double this[int axis] => axis switch
    {
        0 => H,
        1 => W,
        2 => D,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "A volume has the axes 0, 1 and 2."),
    };

    /// <summary>A new spacing, axis by axis.</summary>
    public static Spacing From(Func<int, double> axis) => new(axis(0), axis(1), axis(2));

    /// <summary>H, W, D in an array.</summary>
    public double[] ToArray() => [H, W, D];

    IEnumerable<double> INumbers.Numbers => [H, W, D];

    /// <summary>As people write it: 1.25×1.25×2.5 mm.</summary>
    public override string ToString() => FormattableString.Invariant($"{H:0.###}×{W:0.###}×{D:0.###} mm");
}
