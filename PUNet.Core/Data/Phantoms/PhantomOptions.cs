using PUNet.Core.Common.Settings;

namespace PUNet.Core.Data.Phantoms;

/// <summary>Which phantoms to make. Defaults: the quick start's dataset, a small abdomen.</summary>
public sealed record PhantomOptions
{
    /// <summary>Number of subjects.</summary>
    [Within(1, 10_000, "each takes about half a megabyte")]
    public int Subjects { get; init; } = 24;

    /// <summary>Seed of everything random.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>In-plane extent, in voxels (both axes).</summary>
    [Within(16, 1024, "scanners give at most 1024 voxels")]
    public int InPlane { get; init; } = 96;

    /// <summary>Fewest and most slices.</summary>
    [Within(4, 10_000, "a volume of more slices does not fit into memory")]
    public (int Low, int High) Slices { get; init; } = (20, 28);

    /// <summary>Lowest and highest in-plane spacing, in mm.</summary>
    [Within(0, 100, "it is in mm per voxel", IsAbove = true)]
    public (double Low, double High) InPlaneSpacing { get; init; } = (3.7, 4.2);

    /// <summary>Lowest and highest slice distance, in mm.</summary>
    [Within(0, 100, "it is in mm per voxel", IsAbove = true)]
    public (double Low, double High) SliceSpacing { get; init; } = (7.0, 9.0);

    /// <summary>Standard deviation of the fine noise, in HU.</summary>
    [Within(0, 10_000, "it is in HU")]
    public double Noise { get; init; } = 25;

    /// <summary>Every fault of these options, none if they can be used.</summary>
    public IReadOnlyList<Fault> Faults() => Limits.Of(this, Rules);

    private IEnumerable<Fault> Rules()
    {
        foreach (var (name, low, high) in new[]
            { ("slices", Slices.Low, Slices.High),
              ("in_plane_spacing", InPlaneSpacing.Low, InPlaneSpacing.High),
              ("slice_spacing", SliceSpacing.Low, SliceSpacing.High) })
            if (low > high)
                yield return new Fault(name, FormattableString.Invariant($"{name} runs from {low} to {high}"), "the lower end comes first");
    }
}
