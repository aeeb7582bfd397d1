using PUNet.Core.Common;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Models.Published;

/// <summary>What a person says about a checkpoint, because the file does not, or over what it says.</summary>
public sealed record ImportOptions
{
    /// <summary>Takes the teacher's network instead of the student's.</summary>
    public bool Teacher { get; init; }

    /// <summary>Patch of the first student, in voxels.</summary>
    public Extent? StudentPatch { get; init; }

    /// <summary>Patch of the second student, in voxels.</summary>
    public Extent? SecondStudentPatch { get; init; }

    /// <summary>Patch of the teacher, in voxels.</summary>
    public Extent? TeacherPatch { get; init; }

    /// <summary>Where prompts enter the network.</summary>
    public PromptPlacement? Placement { get; init; }

    /// <summary>Names of the foreground classes, in the order of their labels.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The classes it was pre-trained on: names, or labels as numbers.</summary>
    public IReadOnlyList<string>? BaseClasses { get; init; }

    /// <summary>Intensities that become −1 and 1, in HU.</summary>
    public (double Low, double High)? Window { get; init; }
}
