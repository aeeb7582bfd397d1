using PUNet.Core.Common;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Data.Splits;

namespace PUNet.Core.Data.Checks;

/// <summary>What subjects of a dataset should be to each other.</summary>
internal static class DatasetRules
{
    private const double UnusualSpacing = 3; // times the median

    /// <summary>All findings about these subjects together.</summary>
    public static IEnumerable<Finding> Of(IReadOnlyList<CheckedSubject> subjects, CheckOptions options) =>
        Duplicates(subjects)
            .Concat(Patients(subjects, options))
            .Concat(Orientations(subjects))
            .Concat(Spacings(subjects))
            .Concat(Intensities(subjects, options));

    private static IEnumerable<Finding> Duplicates(IReadOnlyList<CheckedSubject> subjects)
    {
        foreach (var same in subjects.GroupBy(subject => (subject.ImageHash, subject.Extent)).Where(group => group.Count() > 1))
        {
            var parts = same.Select(subject => subject.Files.Part).OfType<Part>().Distinct().ToList();
            var across = parts.Count > 1 ? $", in the parts {string.Join(" and ", parts.Select(Name))}" : "";
            yield return new Finding(same.First().Files.ImagePath, Severity.Error, "duplicate",
                $"has the same voxels as {string.Join(", ", same.Skip(1).Select(subject => subject.Files.Id))}{across}.",
                "Keep one of them: what is learned from one must not be tested on its copy.");
        }
        foreach (var same in subjects.Where(subject => subject.Labels.Count > 0)
            .GroupBy(subject => (subject.LabelHash, subject.Extent))
            .Where(group => group.Select(s => s.ImageHash).Distinct().Count() > 1))
            yield return new Finding(same.First().Files.LabelPath, Severity.Warning, "duplicate",
                $"is voxel for voxel the label map of {string.Join(", ", same.Skip(1).Select(subject => subject.Files.Id))}, whose images differ.",
                "Check which image it belongs to.");
    }

    private static IEnumerable<Finding> Patients(IReadOnlyList<CheckedSubject> subjects, CheckOptions options)
    {
        foreach (var patient in subjects.Where(subject => subject.Files.Part is not null)
            .GroupBy(subject => SubjectPatients.Of(subject.Files, options.Patient)))
        {
            if (patient.Select(subject => subject.Files.Part).Distinct().Count() < 2) continue;
            yield return new Finding(patient.First().Files.ImagePath, Severity.Error, "patient",
                $"belongs to the patient '{patient.Key}', who lies in several parts: "
                    + $"{string.Join(", ", patient.Select(s => $"{s.Files.Id} ({Name(s.Files.Part!.Value)})"))}.",
                "Put all scans of a patient into one part.");
        }
    }

    private static IEnumerable<Finding> Orientations(IReadOnlyList<CheckedSubject> subjects)
    {
        var groups = subjects.GroupBy(subject => subject.Geometry.Orientation).OrderByDescending(group => group.Count()).ToList();
        foreach (var other in groups.Skip(1))
            yield return new Finding(other.First().Files.ImagePath, Severity.Note, "orientation",
                $"has the axes {other.Key}{More(other.Count())}; most of the dataset has {groups[0].Key}.",
                "Preparation turns every volume to one orientation, unless the dataset is prepared with its axes as they are.");
    }

    private static IEnumerable<Finding> Spacings(IReadOnlyList<CheckedSubject> subjects)
    {
        if (subjects.Count < 3) yield break;
        double Median(int axis) => subjects.Select(subject => subject.Geometry.Spacing[axis]).Order().ElementAt(subjects.Count / 2);
        double[] median = [Median(0), Median(1), Median(2)];
        foreach (var subject in subjects)
        {
            var spacing = subject.Geometry.Spacing;
            if (!Enumerable.Range(0, 3).Any(axis => Math.Max(spacing[axis] / median[axis], median[axis] / spacing[axis]) > UnusualSpacing)) continue;
            yield return new Finding(subject.Files.ImagePath, Severity.Note, "spacing",
                FormattableString.Invariant(
                    $"has voxels of {spacing}; the dataset's median is {median[0]:0.###}×{median[1]:0.###}×{median[2]:0.###} mm."),
                "Check the header; resampling makes it alike, but not finer than it was.");
        }
    }

    private static IEnumerable<Finding> Intensities(IReadOnlyList<CheckedSubject> subjects, CheckOptions options)
    {
        var hounsfield = options.HounsfieldUnits
            ?? (subjects.Count > 0 && 2 * subjects.Count(subject => IntensityRules.LooksLikeHounsfield(subject.Intensities)) > subjects.Count);
        return hounsfield ? subjects.SelectMany(subject => IntensityRules.OfHounsfield(subject.Files.ImagePath, subject.Intensities)) : [];
    }

    private static string More(int count) => count > 1 ? $", as {count - 1} more {(count > 2 ? "have" : "has")}" : "";

    private static string Name(Part part) => part.ToString().ToLowerInvariant();
}
