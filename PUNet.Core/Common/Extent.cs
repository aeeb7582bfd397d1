using PUNet.Core.Common.Settings;

namespace PUNet.Core.Common;

/// <summary>Voxels (or array elements) along the three axes of a volume; 2D is depth 1.</summary>
/// <param name="H">First in-plane axis.</param>
/// <param name="W">Second in-plane axis.</param>
/// <param name="D">Depth.</param>
public readonly record struct Extent(int H, int W, int D) : INumbers
{
    /// <summary>Number of elements; long, as whole-body volumes exceed int.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long Count => (long)H * W * D;

    /// <summary>Extent along axis 0, 1 or 2.</summary>
    public int this[int axis] => axis switch
    {
        0 => H,
        1 => W,
        2 => D,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "A volume has the axes 0, 1 and 2."),
    };

    /// <summary>A new extent, axis by axis.</summary>
    public static Extent From(Func<int, int> axis) => new(axis(0), axis(1), axis(2));

    /// <summary>H, W, D in an array.</summary>
    public int[] ToArray() => [H, W, D];

    IEnumerable<double> INumbers.Numbers => [H, W, D];

    /// <summary>As people write it: 224×224×1.</summary>
    public override string ToString() => $"{H}×{W}×{D}";
}
