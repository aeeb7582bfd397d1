using PUNet.Core.Common.Settings;

namespace PUNet.Core.Losses;

/// <summary>Constants of the contrastive prototype assignment (method.md, section 3). Defaults: the published configuration.</summary>
public sealed record ContrastivePrototypeAssignmentOptions
{
    private const string Reduced = "a map has fewer positions";

    /// <summary>Weight of the loss beside the segmentation loss.</summary>
    [Within(0, Limits.Large, Limits.Real)]
    public double Weight { get; init; } = 0.01;

    /// <summary>r: how much the embeddings are reduced per axis before positions are compared.</summary>
    [Within(1, 64, Reduced)]
    public double Reduction { get; init; } = 2;

    /// <summary>r_p: how much the teacher's embedding is reduced per axis to give the seeds of the prototypes.</summary>
    [Within(1, 1024, Reduced)]
    public double PrototypeReduction { get; init; } = 8;

    /// <summary>Rounds of the spatially weighted k-means.</summary>
    [Within(0, 1000, "the assignment settles long before")]
    public int Iterations { get; init; } = 3;

    /// <summary>Full width at half maximum of the spatial weight, in voxels; null: no spatial weight in the k-means.</summary>
    [Within(1e-3, Limits.Large, Limits.Real)]
    public double? PrototypeWidth { get; init; } = 128;

    /// <summary>The same for a weight on the teacher's final assignment; null, the default: none.</summary>
    [Within(1e-3, Limits.Large, Limits.Real)]
    public double? TeacherWidth { get; init; }

    /// <summary>Temperature of the teacher's assignment.</summary>
    [Within(1e-4, Limits.Large, Limits.Real)]
    public double TeacherTemperature { get; init; } = 0.033;

    /// <summary>Temperature of the student's assignment.</summary>
    [Within(1e-4, Limits.Large, Limits.Real)]
    public double StudentTemperature { get; init; } = 0.066;

    /// <summary>Largest distance between a student's position and the closest teacher's, in voxels.</summary>
    [Within(1e-3, Limits.Large, Limits.Real)]
    public double MaximalDistance { get; init; } = 4;

    /// <summary>How much a step in depth counts against one in the plane.</summary>
    [Within(1e-3, Limits.Large, Limits.Real)]
    public double DepthScale { get; init; } = 2;

    /// <summary>Every fault of these options, none if they can be used.</summary>
    public IReadOnlyList<Fault> Faults() => Limits.Of(this);
}
