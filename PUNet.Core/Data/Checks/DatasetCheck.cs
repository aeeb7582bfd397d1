using PUNet.Core.Common;
using PUNet.Core.Data.Layouts;

namespace PUNet.Core.Data.Checks;

/// <summary>
/// Checks a dataset as it lies on disk: every file by itself, image against label map, and subjects against each other. Files are
/// streamed, so memory is a few MB per worker whatever their size.
/// </summary>
public static class DatasetCheck
{
    /// <summary>Reads everything once.</summary>
    /// <param name="folder">The dataset's folder.</param>
    /// <param name="layout">How its files are named.</param>
    /// <param name="options">What is known of it.</param>
    /// <param name="report">Progress in subjects.</param>
    /// <param name="cancellation">Stops between subjects.</param>
    /// <exception cref="DatasetException">The folder, or a table that the layout needs, is missing or damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static DatasetReport Run(
        string folder, DatasetLayout layout, CheckOptions options, Action<StageEvent> report, CancellationToken cancellation)
    {
        var found = layout.Survey(folder);
        var outcomes = new (CheckedSubject? Subject, IReadOnlyList<Finding> Findings)[found.Subjects.Count];
        var (gate, done) = (new object(), 0);
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = options.Workers };
        Parallel.For(0, outcomes.Length, parallel, i =>
        {
            outcomes[i] = new SubjectCheck(found.Subjects[i], options).Run();
            lock (gate) report(new StageEvent.Progress("subject", ++done, outcomes.Length, found.Subjects[i].Id));
        });
        List<CheckedSubject> subjects = [.. outcomes.Select(outcome => outcome.Subject).OfType<CheckedSubject>()];
        var findings = Inventory(folder, layout, found)
            .Concat(outcomes.SelectMany(outcome => outcome.Findings))
            .Concat(DatasetRules.Of(subjects, options));
        return new DatasetReport(subjects, [.. findings.OrderByDescending(finding => finding.Severity)]);
    }

    private static IEnumerable<Finding> Inventory(string folder, DatasetLayout layout, DatasetInventory found)
    {
        foreach (var (path, problem) in found.Faults)
            yield return new Finding(path, Severity.Error, "list", problem, "Correct the table or add what is missing.");
        foreach (var image in found.ImagesAlone)
            yield return new Finding(image, Severity.Error, "no labels", "has no label map.", "Add the label map or move the image away.");
        foreach (var labels in found.LabelsAlone)
            yield return new Finding(labels, Severity.Warning, "no image",
                "has no image.", "Add the image; without it the label map is not used.");
        foreach (var twice in found.Subjects.GroupBy(subject => subject.Id).Where(group => group.Count() > 1))
            yield return new Finding(twice.First().ImagePath, Severity.Error, "id",
                $"shares the id '{twice.Key}' with {string.Join(", ", twice.Skip(1).Select(subject => subject.ImagePath))}.",
                "Rename one of them.");
        foreach (var bad in found.Subjects.Where(subject => !DatasetLayout.IsId(subject.Id)))
            yield return new Finding(bad.ImagePath, Severity.Error, "id",
                $"has the id '{bad.Id}', which cannot name a file.", "Ids have letters, digits, '-', '_' and '.'.");
        if (found.Subjects.Count == 0 && found.Faults.Count == 0)
            yield return new Finding(folder, Severity.Error, "list", "has no subject.", layout.Rule);
    }
}
