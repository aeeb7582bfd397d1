namespace PUNet.Core.Losses;

/// <summary>Constants of the contrastive prototype assignment (method.md, section 3). Defaults: the published configuration.</summary>
public sealed record ContrastivePrototypeAssignmentOptions
{
    /// <summary>r: how much the embeddings are reduced per axis before positions are compared.</summary>
    public double Reduction { get; init; } = 2;

    /// <summary>r_p: how much the teacher's embedding is reduced per axis to give the seeds of the prototypes.</summary>
    public double PrototypeReduction { get; init; } = 8;

    /// <summary>Rounds of the spatially weighted k-means.</summary>
    public int Iterations { get; init; } = 3;

    /// <summary>Full width at half maximum of the spatial weight, in voxels; null: no spatial weight in the k-means.</summary>
    public double? PrototypeWidth { get; init; } = 128;

    /// <summary>The same for a weight on the teacher's final assignment; null, the default: none.</summary>
    public double? TeacherWidth { get; init; }

    /// <summary>Temperature of the teacher's assignment.</summary>
    public double TeacherTemperature { get; init; } = 0.033;

    /// <summary>Temperature of the student's assignment.</summary>
    public double StudentTemperature { get; init; } = 0.066;

    /// <summary>Largest distance between a student's position and the closest teacher's, in voxels.</summary>
    public double MaximalDistance { get; init; } = 4;

    /// <summary>How much a step in depth counts against one in the plane.</summary>
    public double DepthScale { get; init; } = 2;

    /// <summary>Every fault of these options, none if they can be used.</summary>
    public IEnumerable<string> Faults()
    {
        if (!(Reduction >= 1)) yield return $"the reduction must be at least 1, not {Reduction}.";
        if (!(PrototypeReduction >= 1)) yield return $"the reduction to prototypes must be at least 1, not {PrototypeReduction}.";
        if (Iterations < 0) yield return $"the k-means cannot have {Iterations} iterations.";
        if (PrototypeWidth is { } width && !(width > 0)) yield return $"the prototypes' width must be positive, not {width}.";
        if (TeacherWidth is { } teacher && !(teacher > 0)) yield return $"the teacher weight's width must be positive, not {teacher}.";
        if (!(TeacherTemperature > 0 && StudentTemperature > 0))
            yield return $"temperatures must be positive, not {TeacherTemperature} (teacher) and {StudentTemperature} (student).";
        if (!(MaximalDistance > 0)) yield return $"the maximal distance must be positive, not {MaximalDistance}.";
        if (!(DepthScale > 0)) yield return $"the scale of depth must be positive, not {DepthScale}.";
    }
}
