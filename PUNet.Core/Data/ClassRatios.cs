using PUNet.Core.Data.Prepared;
using PUNet.Core.Losses;

namespace PUNet.Core.Data;

/// <summary>Class weights from how rare classes are (method.md, section 3).</summary>
public static class ClassRatios
{
    /// <summary>The paper's factor for CT-ORG.</summary>
    public const double CtOrgFactor = 0.01;

    /// <summary>The paper's factor for TCIA/BTCV.</summary>
    public const double BtcvFactor = 0.001;

    /// <summary>
    /// What the focal loss adds to each class's weight: factor / mean over subjects of (voxels of the class / voxels of background),
    /// and 0 for background.
    /// </summary>
    /// <param name="subjects">Training subjects; each has background.</param>
    /// <param name="classes">Foreground class names, in label order.</param>
    /// <param name="factor">0.01 for CT-ORG, 0.001 for TCIA/BTCV.</param>
    /// <returns>[1 + classes], background first.</returns>
    /// <exception cref="ArgumentException">A class has no voxel in any subject, or a subject no background.</exception>
    public static IReadOnlyList<double> Additive(IReadOnlyList<PreparedSubject> subjects, IReadOnlyList<string> classes, double factor)
    {
        if (subjects.FirstOrDefault(subject => subject.ClassVoxels[0] == 0) is { } full)
            throw new ArgumentException($"Class ratios need background in every subject; '{full.Id}' has none.", nameof(subjects));
        for (var c = 1; c <= classes.Count; c++)
            if (subjects.All(subject => subject.ClassVoxels[c] == 0))
                throw new ArgumentException($"The class '{classes[c - 1]}' has no voxel in the {subjects.Count} training subjects, so it has no ratio.", nameof(subjects));
        return ClassBalance.Additive([.. subjects.Select(subject => subject.ClassVoxels.Take(1 + classes.Count).ToArray())], factor);
    }
}
