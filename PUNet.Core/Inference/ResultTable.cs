using System.Globalization;
using System.Text;
using PUNet.Core.Common;

namespace PUNet.Core.Inference;

/// <summary>Sets evaluations side by side: <c>table.md</c>, <c>table.csv</c> and <c>picture.png</c>.</summary>
public static class ResultTable
{
    /// <summary>One evaluation of the table.</summary>
    /// <param name="Variant">What was done, for example promptTune.</param>
    /// <param name="Folder">Its artifact.</param>
    /// <param name="Repetition">Number that rows share which differ in their seed only; null for a single one.</param>
    public sealed record Row(string Variant, string Folder, int? Repetition = null);

    /// <summary>Writes all three files; the picture only where a row has panels.</summary>
    public static void Write(string title, IReadOnlyList<Row> rows, string folder)
    {
        var lines = Lines(rows);
        AtomicFile.WriteText(Path.Combine(folder, "table.md"), Markdown(title, lines, rows));
        AtomicFile.WriteText(Path.Combine(folder, "table.csv"), Csv(lines));
        PanelMosaic.Write(Path.Combine(folder, "picture.png"), Mosaic(rows));
    }

    private static List<Line> Lines(IReadOnlyList<Row> rows) =>
        [.. rows.SelectMany(row =>
        {
            var summary = EvaluationSummary.Read(row.Folder);
            return summary.Classes.Select(score => (row.Repetition, Line: new Line(row.Variant, score, summary.TrainedParameters, summary.TotalParameters)));
        })
        .Select((found, i) => (Group: found.Repetition is { } number ? (number, found.Line.Score.Name) : (-1 - i, ""), found.Line))
        .GroupBy(found => found.Group, found => found.Line)
        .Select(group => Over([.. group]))];

    /// <summary>One line of several that differ in their seed: mean and standard deviation (n − 1) of the means over subjects.</summary>
    private static Line Over(IReadOnlyList<Line> lines)
    {
        if (lines.Count == 1) return lines[0];
        var means = lines.Select(line => line.Score.MeanDice).ToList();
        var mean = means.Average();
        var deviation = Math.Sqrt(means.Sum(x => (x - mean) * (x - mean)) / (means.Count - 1));
        return lines[0] with { Score = lines[0].Score with { MeanDice = mean, DeviationDice = deviation }, Seeds = lines.Count };
    }

    private static string Markdown(string title, List<Line> lines, IReadOnlyList<Row> rows)
    {
        var text = new StringBuilder($"# {title}\n\n| class | variant | Dice (%) | subjects | trained parameters | share |\n| --- | --- | ---: | ---: | ---: | ---: |\n");
        foreach (var line in lines)
            text.Append(CultureInfo.InvariantCulture, $"| {line.Score.Name} | {line.Variant} | {line.Score.MeanDice:F1} ± {line.Score.DeviationDice:F1}{line.Repeated} | {line.Score.Subjects} | {line.Trained} | {line.Share} |\n");
        if (lines.Any(line => line.Seeds > 1)) text.Append("\n(seeds): mean ± standard deviation over trainings with other seeds, of each one's mean over subjects.\n");
        text.Append("\nDice: mean ± standard deviation over the test subjects that have the class. Share: trained parameters of body and trained parameters together.\n");
        var variants = Panels(rows).SelectMany(row => row.Variants).Distinct();
        text.Append($"\n![image, reference, {string.Join(", ", variants)}](picture.png)\n\nRows: {string.Join(", ", Panels(rows).Select(row => row.Name))}. Columns: image, reference, {string.Join(", ", variants)}.\n");
        return text.ToString();
    }

    private static string Csv(List<Line> lines)
    {
        var text = new StringBuilder("class,variant,dice_mean,dice_sd,subjects,trained_parameters,total_parameters,seeds\n");
        foreach (var line in lines)
            text.Append(CultureInfo.InvariantCulture, $"{line.Score.Name},{line.Variant},{line.Score.MeanDice:R},{line.Score.DeviationDice:R},{line.Score.Subjects},{line.TrainedParameters},{line.TotalParameters},{line.Seeds}\n");
        return text.ToString();
    }

    /// <summary>One row of panels per class: image, reference, then each variant's prediction.</summary>
    private static List<IReadOnlyList<string?>> Mosaic(IReadOnlyList<Row> rows)
    {
        var panels = Panels(rows);
        var variants = panels.SelectMany(row => row.Variants).Distinct().ToList();
        return [.. panels.Select(row => (IReadOnlyList<string?>)
            [EvaluationPanels.Image(row.Folders[0], row.Name), EvaluationPanels.Reference(row.Folders[0], row.Name),
             .. variants.Select(variant => row.Variants.IndexOf(variant) is >= 0 and var i ? EvaluationPanels.Prediction(row.Folders[i], row.Name) : null)])];
    }

    private static List<(string Name, List<string> Variants, List<string> Folders)> Panels(IReadOnlyList<Row> rows) =>
        [.. rows.SelectMany(row => EvaluationSummary.Read(row.Folder).Classes.Select(score => (score.Name, row.Variant, row.Folder)))
            .Where(panel => File.Exists(EvaluationPanels.Image(panel.Folder, panel.Name)))
            .GroupBy(panel => panel.Name)
            .Select(group => (group.Key, group.Select(panel => panel.Variant).ToList(), group.Select(panel => panel.Folder).ToList()))];

    private sealed record Line(string Variant, EvaluationSummary.ClassScore Score, long? TrainedParameters, long? TotalParameters, int Seeds = 1)
    {
        public string Repeated => Seeds > 1 ? $" ({Seeds} seeds)" : "";

        public string Trained => TrainedParameters?.ToString("N0", CultureInfo.InvariantCulture) ?? "";

        public string Share => TrainedParameters is { } trained && TotalParameters is { } total
            ? (100.0 * trained / total).ToString("F2", CultureInfo.InvariantCulture) + " %"
            : "";
    }
}
