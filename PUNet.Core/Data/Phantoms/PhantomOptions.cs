namespace PUNet.Core.Data.Phantoms;

/// <summary>Which phantoms to make. Defaults: the quick start's dataset, a small abdomen.</summary>
public sealed record PhantomOptions
{
    /// <summary>Number of subjects.</summary>
    public int Subjects { get; init; } = 24;

    /// <summary>Seed of everything random.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>In-plane extent, in voxels (both axes).</summary>
    public int InPlane { get; init; } = 96;

    /// <summary>Fewest and most slices.</summary>
    public (int Low, int High) Slices { get; init; } = (20, 28);

    /// <summary>Lowest and highest in-plane spacing, in mm.</summary>
    public (double Low, double High) InPlaneSpacing { get; init; } = (3.7, 4.2);

    /// <summary>Lowest and highest slice distance, in mm.</summary>
    public (double Low, double High) SliceSpacing { get; init; } = (7.0, 9.0);

    /// <summary>Standard deviation of the fine noise, in HU.</summary>
    public double NoiseHu { get; init; } = 25;

    /// <summary>All faults of these options, each a sentence; empty where they are sound.</summary>
    public IEnumerable<string> Faults()
    {
        if (Subjects < 1) yield return $"There must be at least one phantom; given {Subjects}.";
        if (InPlane < 16) yield return $"A phantom's in-plane extent is at least 16 voxels; given {InPlane}.";
        if (Slices.Low < 4 || Slices.High < Slices.Low) yield return $"A phantom has at least 4 slices, the lower bound first; given {Slices.Low} to {Slices.High}.";
        if (!(InPlaneSpacing.Low > 0) || !(InPlaneSpacing.High >= InPlaneSpacing.Low))
            yield return FormattableString.Invariant($"In-plane spacings are positive, the lower first, in mm; given {InPlaneSpacing.Low} to {InPlaneSpacing.High}.");
        if (!(SliceSpacing.Low > 0) || !(SliceSpacing.High >= SliceSpacing.Low))
            yield return FormattableString.Invariant($"Slice distances are positive, the lower first, in mm; given {SliceSpacing.Low} to {SliceSpacing.High}.");
        if (!(NoiseHu >= 0)) yield return FormattableString.Invariant($"Noise is not negative, in HU; given {NoiseHu}.");
    }
}
