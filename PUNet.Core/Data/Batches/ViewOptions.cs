using PUNet.Core.Common;
using PUNet.Core.Data.Augmentation;

namespace PUNet.Core.Data.Batches;

/// <summary>Which views a crop becomes (method.md, section 4). Defaults: the paper's 2D setting.</summary>
public sealed record ViewOptions
{
    /// <summary>Extent of the crop and of the teacher's view, in voxels.</summary>
    public Extent Teacher { get; init; } = new(256, 256, 1);

    /// <summary>Extents of the students' views, the first one being the one used downstream; none exceeds the teacher's.</summary>
    public IReadOnlyList<Extent> Students { get; init; } = [new(224, 224, 1), new(160, 160, 1)];

    /// <summary>Share of the crops that are centred on a voxel of an active class, where the subject has one; 0 as in the paper.</summary>
    public double ForegroundFraction { get; init; }

    /// <summary>How that voxel is drawn.</summary>
    public ForegroundSampling ForegroundSampling { get; init; }

    public AugmentationOptions StudentAugmentation { get; init; } = AugmentationOptions.Student;

    public AugmentationOptions TeacherAugmentation { get; init; } = AugmentationOptions.Teacher;

    /// <summary>Every fault of these options, none if they can be used.</summary>
    public IEnumerable<string> Faults()
    {
        if (Math.Min(Teacher.H, Math.Min(Teacher.W, Teacher.D)) < 1)
            yield return $"the teacher's view must have at least one voxel per axis, not {Teacher}.";
        if (Students.Count == 0) yield return "there must be at least one student view.";
        foreach (var student in Students)
            if (Enumerable.Range(0, 3).Any(axis => student[axis] < 1 || student[axis] > Teacher[axis]))
                yield return $"a student's view ({student}) must lie inside the teacher's ({Teacher}) and have at least one voxel per axis.";
        if (!(ForegroundFraction >= 0 && ForegroundFraction <= 1))
            yield return $"the foreground fraction must lie in [0, 1], not {ForegroundFraction}.";
        foreach (var fault in StudentAugmentation.Faults("student").Concat(TeacherAugmentation.Faults("teacher"))) yield return fault;
    }
}
