using System.Globalization;
using PUNet.Core.Common.Files;
using PUNet.Core.Metrics;

namespace PUNet.Core.Inference.Results;

/// <summary>The files beside <c>table.json</c> that hold the same for other programs and for people.</summary>
internal static class ResultFiles
{
    /// <summary>Writes <c>table.csv</c>, <c>table.md</c>, and <c>comparisons.csv</c> where something was compared.</summary>
    public static void Write(ResultTable table, string folder)
    {
        AtomicFile.WriteText(Path.Combine(folder, "table.csv"), Csv.Write(Lines(table)));
        if (table.Comparisons.Count > 0) AtomicFile.WriteText(Path.Combine(folder, "comparisons.csv"), Csv.Write(Comparisons(table)));
        AtomicFile.WriteText(Path.Combine(folder, "table.md"), Text(table));
    }

    /// <summary>A record for every line and metric.</summary>
    private static IEnumerable<IReadOnlyList<string>> Lines(ResultTable table) =>
        table.Lines.SelectMany(line => line.Figures.Select(figure => (IReadOnlyList<string>)
            [line.Class, line.Variant, figure.Metric, Unit(figure.Metric), Number(figure.Mean), Number(figure.Deviation),
             Number(figure.N), Number(figure.Undefined), line.Part.ToString().ToLowerInvariant(), Number(line.Subjects), Number(line.PartSubjects),
             Number(line.TrainedParameters), Number(line.TotalParameters), Number(line.Seeds), string.Join(" ", line.Warnings)]))
        .Prepend(["class", "variant", "metric", "unit", "mean", "sd", "n", "undefined", "part", "subjects", "part_subjects",
            "trained_parameters", "total_parameters", "seeds", "warnings"]);

    /// <summary>A record for every comparison and metric.</summary>
    private static IEnumerable<IReadOnlyList<string>> Comparisons(ResultTable table) =>
        table.Comparisons.SelectMany(comparison => comparison.Differences.Select(found => (IReadOnlyList<string>)
            [comparison.Class, comparison.Variant, comparison.Against, found.Metric, Unit(found.Metric), Number(found.Difference),
             Number(found.PairedMean), Number(found.PairedDeviation), Number(found.Low), Number(found.High), Number(found.P), Number(found.Pairs),
             Number(comparison.Subjects)]))
        .Prepend(["class", "variant", "against", "metric", "unit", "difference", "paired_mean", "paired_sd", "low_95", "high_95", "p_wilcoxon",
            "pairs", "subjects"]);

    private static string Text(ResultTable table)
    {
        var text = $"# {Markdown.Escape(table.Title)}\n\n{table.Grid.Markdown}{Paragraphs(table.Notes)}";
        if (table.Comparisons.Count > 0) text += $"\n{table.ComparisonGrid.Markdown}{Paragraphs(table.ComparisonNotes)}";
        return table.PictureCaption is { } caption ? $"{text}\n![{Markdown.Escape(caption)}]({ResultTable.PictureFile})\n" : text;

        static string Paragraphs(IEnumerable<string> notes) => string.Concat(notes.Select(note => $"\n{note}\n"));
    }

    private static string Unit(string metric) => SegmentationMetrics.All.First(known => known.Name == metric).Unit;

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string Number(long? value) => value?.ToString("D", CultureInfo.InvariantCulture) ?? "";

    private static string Number(int value) => Number((long?)value);
}
