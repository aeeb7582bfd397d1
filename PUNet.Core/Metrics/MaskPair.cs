using PUNet.Core.Common;

namespace PUNet.Core.Metrics;

/// <summary>
/// One class of one subject, in the reference and as it was predicted. Voxels that the reference ignores (<see cref="IgnoredLabel"/>)
/// are in neither mask. What several metrics need is computed once.
/// </summary>
public sealed class MaskPair
{
    private const double CubicMillimetresPerMillilitre = 1000;

    private readonly Lazy<SurfaceDistances?> _surfaces;

    /// <param name="prediction">Whether a voxel was predicted as the class, C-order [H, W, D].</param>
    /// <param name="reference">Labels of the same voxels.</param>
    /// <param name="label">The class.</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="spacing">Voxel size along H, W, D, in mm.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public MaskPair(bool[] prediction, byte[] reference, int label, Extent extent, IReadOnlyList<double> spacing)
    {
        Overlap = Overlap.Of(prediction, reference, label);
        VoxelMl = spacing[0] * spacing[1] * spacing[2] / CubicMillimetresPerMillilitre;
        _surfaces = new(() =>
        {
            var (inReference, inPrediction) = (new bool[reference.Length], new bool[reference.Length]);
            for (var i = 0; i < reference.Length; i++)
                (inReference[i], inPrediction[i]) = (reference[i] == label, prediction[i] && reference[i] != IgnoredLabel.Value);
            return SurfaceDistances.Measure(inReference, inPrediction, extent, spacing);
        });
    }

    /// <summary>Voxels of both.</summary>
    public Overlap Overlap { get; }

    /// <summary>Volume of a voxel in ml.</summary>
    public double VoxelMl { get; }

    /// <summary>Distances of the surfaces; null where one of the masks is empty.</summary>
    public SurfaceDistances? Surfaces => _surfaces.Value;

    /// <summary>
    /// Normalised surface Dice: the share of both surfaces within <paramref name="toleranceMm"/> of the other. 0 where just one mask is
    /// empty, as none of the other's surface is near it; null where both are.
    /// </summary>
    public double? SurfaceDice(double toleranceMm) =>
        Overlap.Reference + Overlap.Prediction == 0 ? null : Surfaces?.SurfaceDice(toleranceMm) ?? 0;
}
