using PUNet.Core.Metrics;

namespace PUNet.Core.Inference.Scoring;

/// <summary>Voxels of one class in one case.</summary>
/// <param name="Case">The case's name.</param>
/// <param name="Class">The class.</param>
/// <param name="Overlap">Voxels of reference, prediction and both.</param>
/// <param name="Voxels">Voxels of the label map that count.</param>
public sealed record CaseCounts(string Case, ScoredClass Class, Overlap Overlap, long Voxels)
{
    /// <summary>In both.</summary>
    public long TruePositives => Overlap.Common;

    /// <summary>In the prediction alone.</summary>
    public long FalsePositives => Overlap.Prediction - Overlap.Common;

    /// <summary>In the reference alone.</summary>
    public long FalseNegatives => Overlap.Reference - Overlap.Common;

    /// <summary>In neither.</summary>
    public long TrueNegatives => Voxels - Overlap.Reference - FalsePositives;
}
