using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Imaging.Grids;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Inference.Prediction;

namespace PUNet.Core.Inference.Scoring;

/// <summary>
/// Scores of a folder of predicted label maps, whoever made them, against a folder of references of the same names. A prediction may be
/// missing nowhere: a case without one would make the others' mean look better.
/// </summary>
public sealed record FolderScores
{
    private FolderScores() { }

    /// <summary>What was scored.</summary>
    public required IReadOnlyList<ScoredClass> Classes { get; init; }

    /// <summary>Names and files of the cases, in the order of their names.</summary>
    public required IReadOnlyList<(string Name, string Prediction, string Reference)> Cases { get; init; }

    /// <summary>Every metric of every class in every case.</summary>
    public required IReadOnlyList<SubjectScore> Scores { get; init; }

    /// <summary>Voxels behind them.</summary>
    public required IReadOnlyList<CaseCounts> Counts { get; init; }

    /// <summary>The classes with their means, in the order of <see cref="Classes"/>.</summary>
    public IReadOnlyList<ClassScore> Means => [.. Classes.Select(known => ClassScore.Of(known.Value, known.Name, Scores))];

    /// <summary>Writes <c>scores.csv</c>, and <c>summary.json</c> in nnU-Net's form.</summary>
    public void Write(string folder)
    {
        SubjectScore.Write(folder, Scores);
        NnUNetSummary.Write(Path.Combine(folder, NnUNetSummary.FileName), this);
    }

    /// <summary>Reads and scores two folders.</summary>
    /// <param name="predictions">Folder of predicted label maps.</param>
    /// <param name="references">Folder of references; every file of it is a case.</param>
    /// <param name="classes">Values and names; null: those of labels.json or dataset.json in one of the folders, or the references' values.</param>
    /// <param name="report">Told after every case.</param>
    /// <param name="cancellation">Ends it between cases.</param>
    /// <exception cref="ConfigurationException">A prediction is missing, or there is no class.</exception>
    /// <exception cref="ImageFileException">A file is damaged or lies on another grid than its reference.</exception>
    public static FolderScores Of(
        string predictions, string references, IReadOnlyList<ScoredClass>? classes, Action<StageEvent> report, CancellationToken cancellation)
    {
        var cases = Pair(predictions, references);
        classes ??= ClassFiles.In(predictions) ?? ClassFiles.In(references) ?? Found(cases.Select(found => found.Reference));
        ConfigurationException.ThrowIfAny(CountFaults(references, classes.Count));
        var (scores, counts) = (new List<SubjectScore>(), new List<CaseCounts>());
        foreach (var (name, prediction, reference) in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            var map = NiftiFile.ReadLabels(reference);
            var onGrid = LabelGrid.Onto(map.Geometry, map.Extent, NiftiFile.ReadLabels(prediction), prediction, $"its reference {reference}");
            var (own, voxels) = LabelMapScores.Of(name, onGrid.Labels, map, classes);
            scores.AddRange(own);
            counts.AddRange(voxels);
            report(new StageEvent.Progress("case", counts.Count / classes.Count, cases.Count, name));
        }
        return new() { Classes = classes, Cases = cases, Scores = scores, Counts = counts };
    }

    private static IEnumerable<string> CountFaults(string references, int classes)
    {
        if (classes == 0) yield return $"No reference in {references} has a label above 0. Name the classes: --classes 1=liver";
        if (classes >= IgnoredLabel.Value) yield return $"There are {classes} classes; at most {IgnoredLabel.Value - 1} are scored at once.";
    }

    private static IReadOnlyList<(string Name, string Prediction, string Reference)> Pair(string predictions, string references)
    {
        var own = ScanNames.Find([predictions]).ToDictionary(scan => scan.Name, scan => scan.Path);
        var wanted = ScanNames.Find([references]);
        var missing = wanted.Where(scan => !own.ContainsKey(scan.Name)).Select(scan => scan.Name).ToList();
        ConfigurationException.ThrowIfAny(missing.Count == 0 ? [] : [
            $"{missing.Count} of {wanted.Count} references have no prediction in {predictions}: {string.Join(", ", missing.Take(5))}"
                + $"{(missing.Count > 5 ? " …" : "")}. Predict them, or take their references out.",
        ]);
        return [.. wanted.Select(scan => (scan.Name, own[scan.Name], scan.Path))];
    }

    private static List<ScoredClass> Found(IEnumerable<string> references) =>
        [.. LabelValues.In(references).Select(value => new ScoredClass(value, $"label {value}"))];
}
