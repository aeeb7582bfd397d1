using System.Globalization;
using PUNet.Core.Metrics;

namespace PUNet.Core.Inference.Results;

/// <summary>A table of results in words: columns, cells, and sentences on what the figures mean that are true of just this table.</summary>
internal static class ResultText
{
    private const string Mark = "†";

    /// <summary>A row for every line.</summary>
    public static ResultGrid Lines(IEnumerable<ResultLine> lines) => ResultGrid.Of(2, lines,
    [
        ("class", false, line => line.Class),
        ("variant", false, line => line.Variant),
        .. SegmentationMetrics.Columns.Select(metric => (metric.Heading, true, (Func<ResultLine, string>)(line => Figure(line, metric)))),
        ("subjects", true, line => $"{line.Subjects} of {line.PartSubjects}"),
        ("trained", true, line => Number(line.TrainedParameters, "N0")),
        ("share", true, Share),
    ]);

    /// <summary>A row for every comparison.</summary>
    public static ResultGrid Comparisons(IEnumerable<ResultComparison> comparisons) => ResultGrid.Of(3, comparisons,
    [
        ("class", false, comparison => comparison.Class),
        ("variant", false, comparison => comparison.Variant),
        ("against", false, comparison => comparison.Against),
        .. SegmentationMetrics.Columns.Select(metric =>
            ($"Δ {metric.Heading}", true, (Func<ResultComparison, string>)(comparison => Difference(comparison, metric)))),
        ("95 % of Δ Dice", true, Interval),
        ("p", true, comparison => Number(comparison.Difference(SegmentationMetrics.Dice)?.P, "0.###")),
    ]);

    /// <summary>What the lines mean.</summary>
    public static IReadOnlyList<string> Notes(ResultTable table)
    {
        var (lines, columns, notes) = (table.Lines, SegmentationMetrics.Columns, new List<string>());
        List<(ResultLine Line, MetricFigure Figure)> cells =
            [.. from line in lines from metric in columns where line.Figure(metric) is not null select (line, line.Figure(metric)!)];
        notes.Add($"{string.Join(", ", columns.Select(metric => metric.Title))}: mean ± standard deviation over the subjects of the "
            + $"{Parts(lines)} that have the class.");
        notes.Add(string.Join(" ", columns.Select(metric =>
            $"{metric.Title}: {metric.Meaning}; {(metric.HigherIsBetter ? "higher" : "lower")} is better.")));
        if (lines.Any(line => line.Seeds > 1))
            notes.Add("(seeds): mean ± standard deviation over trainings with other seeds, of each one's mean over subjects.");
        if (lines.Any(line => line.Figure(SegmentationMetrics.Dice) is { Mean: not null, Deviation: null }))
            notes.Add("Without ±: a single subject has the class.");
        if (lines.Any(line => line.Subjects == 0)) notes.Add("absent: no subject has the class, so there is no score, and none is in any mean.");
        if (cells.Any(cell => cell.Figure is { Undefined: > 0 }))
            notes.Add("(empty): predictions without a voxel of the class; they have no distance to the reference and are in no mean of it.");
        notes.AddRange(lines.Where(line => line.WhereAbsent is { Predicted: > 0 }).Select(WhereAbsent));
        notes.AddRange(lines.Where(line => line.Warnings.Count > 0).Select(Warning));
        if (lines.Any(line => line.TrainedParameters is not null))
            notes.Add("Trained: parameters that were trained; share: of those of the body and the trained ones together.");
        if (table.PictureRows.Count > 0 && lines.Any(line => line.Seeds > 1)) notes.Add("Of several seeds the picture shows the first.");
        return notes;
    }

    /// <summary>What the comparisons mean; nothing where there are none.</summary>
    public static IReadOnlyList<string> ComparisonNotes(ResultTable table)
    {
        if (table.Comparisons.Count == 0) return [];
        var notes = new List<string>
        {
            "Δ: variant less the one it is set against, mean ± standard deviation over subjects of the differences within each.",
        };
        if (table.Comparisons.Any(comparison => comparison.Difference(SegmentationMetrics.Dice) is { P: not null }))
            notes.Add(
                "95 %: bootstrap interval of the mean difference in Dice. p: Wilcoxon's signed-rank test of it, two-sided; not corrected for several "
                + "comparisons, and of five subjects never below 0.0625.");
        if (table.Lines.Any(line => line.Seeds > 1)) notes.Add("A subject's figure is its mean over the seeds.");
        var differences = table.Comparisons
            .SelectMany(comparison => SegmentationMetrics.Columns.Select(metric => (comparison, Found: comparison.Difference(metric)))).ToList();
        if (differences.Any(entry => entry.Found is { PairedMean: null, Difference: not null }))
            notes.Add("Δ without subjects in common: of the two means.");
        if (differences.Any(entry => entry.Found is { PairedMean: not null } found && found.Pairs < entry.comparison.Subjects))
            notes.Add("(… of …): subjects whose predictions of both are not empty, of those that have the class.");
        return notes;
    }

    /// <summary>What a marked figure is marked for; of several seeds the first one's words.</summary>
    private static string Warning(ResultLine line)
    {
        var seeds = line.Seeds > 1 ? $" ({line.Warnings.Count} of {line.Seeds} seeds)" : "";
        return $"{Mark} {line.Class}, {line.Variant}{seeds}: {line.Warnings[0]}";
    }

    private static string WhereAbsent(ResultLine line)
    {
        var (found, seeds) = (line.WhereAbsent!, line.Seeds > 1 ? ", by the first seed" : "");
        var where = $"predicted in {found.Predicted} of {found.Subjects} subjects without it";
        return $"{line.Class}, {line.Variant}: {where}, {Number(found.MeanMl, "0.0")} ml on average{seeds}.";
    }

    private static string Figure(ResultLine line, SegmentationMetric metric)
    {
        if (line.Figure(metric) is not { } figure) return "";
        var empty = figure.Undefined == 0 ? "" : $"{figure.Undefined} empty";
        if (figure.Mean is null) return line.Subjects == 0 ? "absent" : empty;
        var deviation = figure.Deviation is null ? "" : $" ± {Number(figure.Deviation, "F1")}";
        var seeds = line.Seeds > 1 && metric == SegmentationMetrics.Dice ? $" ({line.Seeds} seeds)" : "";
        var mark = line.Warnings.Count > 0 && metric == SegmentationMetrics.Dice ? $" {Mark}" : "";
        return $"{Number(figure.Mean, "F1")}{deviation}{seeds}{(empty == "" ? "" : $" ({empty})")}{mark}";
    }

    private static string Difference(ResultComparison comparison, SegmentationMetric metric)
    {
        if (comparison.Difference(metric) is not { } found) return "";
        if (found.PairedMean is null)
            return found.Difference is null
                ? comparison.Difference(SegmentationMetrics.Dice) is { Difference: null } ? "absent" : "empty"
                : Signed(found.Difference);
        var deviation = found.PairedDeviation is null ? "" : $" ± {Number(found.PairedDeviation, "F1")}";
        var pairs = found.Pairs < comparison.Subjects ? $" ({found.Pairs} of {comparison.Subjects})" : "";
        return $"{Signed(found.PairedMean)}{deviation}{pairs}";
    }

    private static string Interval(ResultComparison comparison) =>
        comparison.Difference(SegmentationMetrics.Dice) is { Low: { } low, High: { } high } ? $"{Signed(low)} to {Signed(high)}" : "";

    private static string Parts(IEnumerable<ResultLine> lines) =>
        string.Join(" and the ", lines.Select(line => line.Part).Distinct().Order().Select(part => $"{part.ToString().ToLowerInvariant()} part"));

    private static string Share(ResultLine line) =>
        Number(100.0 * line.TrainedParameters / line.TotalParameters, "F2") is { Length: > 0 } share ? $"{share} %" : "";

    private static string Signed(double? difference) => Number(difference, "+0.0;−0.0;0.0");

    private static string Number<T>(T? value, string format) where T : struct, IFormattable =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
