using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Inference;
using PUNet.Core.Inference.Results;
using PUNet.Core.Metrics;

namespace PUNet.Core.Tests.Inference.Results;

public sealed class ResultTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _rows;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_class_that_no_subject_has_is_in_no_mean_and_has_no_deviation_in_any_metric()
    {
        var summary = Summary(Scores("liver", 0.5, 0.7), Scores("spleen", null, null));
        var absent = summary.Classes[1];
        Assert.Equal((0, null), (absent.Subjects, absent.MeanDice));
        Assert.Equal(SegmentationMetrics.All.Select(metric => new MetricFigure(metric.Name, null, null, 0, 0)), absent.Figures);
        Assert.Equal(60, summary.MeanDice!.Value, 12);
        Assert.Equal(["spleen"], summary.AbsentClasses);
        Assert.Equal("mean Dice 60.0 % over 1 class of the test part; no subject of the part has spleen", summary.ToString());
        Assert.Null(Summary(Scores("spleen", null, null)).MeanDice);
    }

    [Fact]
    public void A_distance_of_an_empty_prediction_is_counted_and_in_no_mean()
    {
        var scores = Scores("liver", 0.8, 0, null, 0.6);
        var summary = Summary(scores);
        var figures = summary.Classes[0].Figures.ToDictionary(figure => figure.Metric);
        Assert.Equal((3, 3, 0), (summary.Classes[0].Subjects, figures["dice"].N, figures["dice"].Undefined));
        Assert.Equal((2, 1), (figures["hd95"].N, figures["hd95"].Undefined));
        Assert.Equal(3.0, figures["hd95"].Mean!.Value, 12); // 2 and 4 mm
        Assert.Equal(Math.Sqrt(2), figures["hd95"].Deviation!.Value, 12);
        var table = Write("empty", [Row("promptTune", null, scores), Row("fineTune", null, Scores("liver", 0, 0))]);
        Assert.Equal("3.0 ± 1.4 (1 empty)", Cell(table.Grid, 0, "HD95 (mm)"));
        Assert.Equal(
            ["0.0 ± 0.0", "0.0 ± 0.0", "2 empty"],
            new[] { "Dice (%)", "NSD (%)", "HD95 (mm)" }.Select(column => Cell(table.Grid, 1, column)));
        Assert.Contains(table.Notes, note => note.StartsWith("(empty): predictions without a voxel"));
    }

    [Fact]
    public void A_mean_over_seeds_says_so_and_an_absent_class_stays_absent_over_seeds()
    {
        var rows = new[] { 0.5, 0.7, 0.9 }.Select(dice => Row("promptTune", 0, Scores("liver", dice, dice), Scores("spleen", null, null)));
        var table = Write("seeds", [.. rows, Row("fineTune", null, Scores("liver", 0.25, 0.75))]);
        Assert.Equal(["class", "variant", "Dice (%)", "NSD (%)", "HD95 (mm)", "subjects", "trained", "share"], table.Grid.Header);
        Assert.Equal(
            [["liver", "promptTune", "70.0 ± 20.0 (3 seeds)", "35.0 ± 10.0", "3.0 ± 2.0", "2 of 5", "10", "1.00 %"],
             ["spleen", "promptTune", "absent", "absent", "absent", "0 of 5", "10", "1.00 %"],
             ["liver", "fineTune", "50.0 ± 35.4", "25.0 ± 17.7", "5.0 ± 3.5", "2 of 5", "10", "1.00 %"]],
            table.Grid.Rows);
        Assert.Contains("Dice, NSD, HD95: mean ± standard deviation over the subjects of the test part that have the class.", table.Notes);
        Assert.Contains(table.Notes, note => note.Contains("HD95: distance within which 95 % of each surface lie of the other; lower is better."));
        Assert.Contains(table.Notes, note => note.StartsWith("(seeds): mean ± standard deviation over trainings with other seeds"));
        Assert.Contains(table.Notes, note => note.StartsWith("absent: no subject has the class"));
        Assert.DoesNotContain(table.Notes, note => note.StartsWith("Without ±") || note.StartsWith("(empty)"));
        Assert.Empty(table.ComparisonNotes);
        Assert.False(File.Exists(_folder.File("table/comparisons.csv")));
    }

    [Fact]
    public void The_notes_name_the_part_that_was_scored_and_a_single_subject_has_no_deviation()
    {
        var row = Row("pretrain", null, Scores("liver", 0.5));
        (EvaluationSummary.Read(row.Folder) with { Part = Part.Validation, Subjects = 1 }).Write(row.Folder);
        var table = Write("validation", [row]);
        Assert.Equal("50.0", Cell(table.Grid, 0, "Dice (%)"));
        Assert.Contains(table.Notes, note => note.Contains("the validation part"));
        Assert.Contains("Without ±: a single subject has the class.", table.Notes);
    }

    [Fact]
    public void A_comparison_is_the_difference_of_means_and_that_of_each_subject_with_itself()
    {
        var table = Write(
            "pairs", [Row("promptTune", null, Scores("liver", 0.9, 0.6, 0.6)), Row("fineTune", null, Scores("liver", 0.7, 0.5, 0.6))],
            ("row 0", "row 1"));
        var comparison = Assert.Single(table.Comparisons);
        Assert.Equal(("liver", "promptTune", "fineTune", 3), (comparison.Class, comparison.Variant, comparison.Against, comparison.Subjects));
        Assert.Equal(SegmentationMetrics.All.Select(metric => metric.Name), comparison.Differences.Select(found => found.Metric));
        var dice = comparison.Difference(SegmentationMetrics.Dice)!;
        Assert.Equal(3, dice.Pairs);
        Assert.All(new[] { dice.Difference, dice.PairedMean, dice.PairedDeviation }, figure => Assert.Equal(10, figure!.Value, 9));
        Assert.Equal(
            ["class", "variant", "against", "Δ Dice (%)", "Δ NSD (%)", "Δ HD95 (mm)", "95 % of Δ Dice", "p"], table.ComparisonGrid.Header);
        Assert.Equal(
            ["liver", "promptTune", "fineTune", "+10.0 ± 10.0", "+5.0 ± 5.0", "−1.0 ± 1.0", "0.0 to +20.0", "0.5"],
            Assert.Single(table.ComparisonGrid.Rows));
        Assert.Contains(table.ComparisonNotes, note => note.Contains("Wilcoxon"));
        var records = Csv.Read(File.ReadAllText(_folder.File("table/comparisons.csv"))).Select(record => record.Fields).ToList();
        Assert.Equal(1 + SegmentationMetrics.All.Count, records.Count);
        Assert.Equal(["hd95", "mm", "3"], new[] { "metric", "unit", "pairs" }.Select(column => records[3][Column(records, column)]));
        Assert.Equal(-1, double.Parse(records[3][Column(records, "paired_mean")]), 9);
        Assert.Contains(
            "| liver | promptTune | fineTune | +10.0 ± 10.0 | +5.0 ± 5.0 | −1.0 ± 1.0 | 0.0 to +20.0 | 0.5 |",
            File.ReadAllText(_folder.File("table/table.md")));
    }

    [Fact]
    public void Repeated_trainings_are_compared_once_by_the_mean_of_each_subject_over_the_seeds()
    {
        ResultRow[] rows =
        [
            Row("promptTune", 0, Scores("liver", 0.9, 0.5)), Row("promptTune", 0, Scores("liver", 0.7, 0.7)), // subjects: 0.8 and 0.6
            Row("fineTune", 1, Scores("liver", 0.6, 0.5)), Row("fineTune", 1, Scores("liver", 0.8, 0.3)), // 0.7 and 0.4
        ];
        var table = Write("seeds", rows, ("row 0", "row 2"), ("row 1", "row 3"));
        var dice = Assert.Single(table.Comparisons).Difference(SegmentationMetrics.Dice)!;
        Assert.Equal(15, dice.Difference!.Value, 9);
        Assert.Equal(15, dice.PairedMean!.Value, 9);
        Assert.Equal(Math.Sqrt(50), dice.PairedDeviation!.Value, 9);
        Assert.Equal(2, dice.Pairs);
        Assert.Contains("A subject's figure is its mean over the seeds.", table.ComparisonNotes);
    }

    [Fact]
    public void What_is_absent_empty_or_of_other_subjects_has_no_paired_difference_and_says_so()
    {
        var absent = Scores("spleen", null, null);
        var left = Row("promptTune", null, Scores("liver", 0.9, 0, 0.5), absent, Scores("bladder", 0.5, null), Scores("kidneys", 0));
        var right = Row("fineTune", null, Scores("liver", 0.7, 0.2, 0.5), absent, Scores("bladder", null, 0.4), Scores("kidneys", 0.5));
        var table = Write("cases", [left, right], ("row 0", "row 1"));
        Assert.Equal(
            [["liver", "promptTune", "fineTune", "0.0 ± 20.0", "0.0 ± 10.0", "−1.0 ± 1.4 (2 of 3)", "−20.0 to +20.0", "1"],
             ["spleen", "promptTune", "fineTune", "absent", "absent", "absent", "", ""],
             ["bladder", "promptTune", "fineTune", "+10.0", "+5.0", "−1.0", "", ""],
             ["kidneys", "promptTune", "fineTune", "−50.0", "−25.0", "empty", "", "1"]],
            table.ComparisonGrid.Rows);
        Assert.Equal([3, 0, null, 1], table.Comparisons.Select(comparison => comparison.Subjects));
        Assert.Contains("Δ without subjects in common: of the two means.", table.ComparisonNotes);
        Assert.Contains(table.ComparisonNotes, note => note.StartsWith("(… of …)"));
        Assert.Contains("'row 7'", Assert.Throws<ArgumentException>(() => Write("no such row", [left], ("row 0", "row 7"))).Message);
    }

    [Fact]
    public void A_table_reads_back_as_it_was_written_and_lines_and_cells_have_names()
    {
        ResultRow[] rows = [Row("promptTune", null, Scores("liver", 0.9, 0)), Row("fineTune", null, Scores("liver", 1.0 / 3, 0.5))];
        var table = Write("round", rows, ("row 0", "row 1"));
        var folder = Directory.CreateDirectory(_folder.File("again")).FullName;
        JsonFile.Write(Path.Combine(folder, ResultTable.FileName), table);
        Assert.Equal(File.ReadAllText(_folder.File("table/table.json")), File.ReadAllText(Path.Combine(folder, ResultTable.FileName)));
        Assert.Equal(1.0 / 3 * 100.0, Write("one", [Row("x", null, Scores("liver", 1.0 / 3))]).Lines[0].Figure(SegmentationMetrics.Dice)!.Mean);
        Assert.Contains(KeyValuePair.Create("liver, promptTune, Dice (%)", "45.0 ± 63.6"), table.Grid.Entries);
        Assert.Contains(KeyValuePair.Create("liver, promptTune, fineTune, Δ Dice (%)", "+3.3 ± 75.4"), table.ComparisonGrid.Entries);
        Assert.Null(ResultTable.Read(_folder.Path));
        File.WriteAllText(Path.Combine(folder, ResultTable.FileName), "{}");
        Assert.Contains("is no table of results", Assert.Throws<IOException>(() => ResultTable.Read(folder)).Message);
    }

    [Fact]
    public void What_a_training_warned_of_marks_the_figure_of_that_class_and_variant_in_every_file()
    {
        var rows = new[] { 0.5, 0, 0.7 }.Select(dice => Row("promptTune", 0, Scores("liver", dice), Scores("spleen", dice))).ToList();
        var (warned, text) = (rows[1].Folder, "predicts nothing of spleen.");
        (EvaluationSummary.Read(warned) with { Warnings = [new(2, text)] }).Write(warned);
        var single = Row("fineTune", null, Scores("spleen", 0.5));
        (EvaluationSummary.Read(single.Folder) with { Warnings = [new(1, text)] }).Write(single.Folder);
        var table = Write("warned", [.. rows, single]);
        Assert.Equal(
            ["40.0 ± 36.1 (3 seeds)", "40.0 ± 36.1 (3 seeds) †", "50.0 †"], table.Grid.Rows.Select((_, i) => Cell(table.Grid, i, "Dice (%)")));
        Assert.Equal(
            [$"† spleen, promptTune (1 of 3 seeds): {text}", $"† spleen, fineTune: {text}"], table.Notes.Where(note => note.StartsWith('†')));
        Assert.Contains($"\n† spleen, fineTune: {text}\n", File.ReadAllText(_folder.File("table/table.md")));
        var records = Csv.Read(File.ReadAllText(_folder.File("table/table.csv"))).Select(record => record.Fields).ToList();
        Assert.All(records.Skip(1), fields =>
            Assert.Equal(fields[Column(records, "class")] == "spleen" ? text : "", fields[Column(records, "warnings")]));
    }

    [Fact]
    public void What_was_predicted_where_a_class_is_absent_is_told_below_the_table_and_is_no_score()
    {
        SubjectScore[] liver = [.. Scores("liver", 0.9, null, null)];
        SubjectScore[] absent = [new("s1", "liver", SubjectScore.FalsePositive, 12.3), new("s2", "liver", SubjectScore.FalsePositive, 0)];
        var table = Write("absent", [Row("promptTune", null, [.. liver, .. absent]), Row("fineTune", null, liver)], ("row 0", "row 1"));
        Assert.Contains("liver, promptTune: predicted in 1 of 2 subjects without it, 12.3 ml on average.", table.Notes);
        Assert.Equal([1, 1], table.Lines.Select(line => line.Subjects));
        Assert.Equal(1, Assert.Single(table.Comparisons).Subjects);
    }

    [Fact]
    public void Scores_read_back_by_the_names_of_their_columns()
    {
        SubjectScore[] scores = [new("a, \"b\"", "liver", "dice", 1.0 / 3), new("c", "kidney, left", "hd95", null)];
        SubjectScore.Write(_folder.Path, scores);
        Assert.Equal(scores, SubjectScore.Read(_folder.Path));
        File.WriteAllText(_folder.File("scores.csv"), "value,metric,subject,class,more\n0.5,dice,s,liver,x\n");
        Assert.Equal([new("s", "liver", "dice", 0.5)], SubjectScore.Read(_folder.Path));
        foreach (var (text, fault) in new[]
        {
            ("subject,class,value\n", "lacks one of the columns"), ("subject,class,metric,value\ns,c,dice,high\n", "'high'"),
            ("subject,class,metric,value\ns,c,dice\n", "different length"), ("", "lacks one of the columns"),
        })
        {
            File.WriteAllText(_folder.File("scores.csv"), text);
            Assert.Contains(fault, Assert.Throws<IOException>(() => SubjectScore.Read(_folder.Path)).Message);
        }
    }

    [Fact]
    public void Names_with_commas_quotes_bars_and_tags_shift_no_column_and_change_no_page()
    {
        string[] names = ["kidney, left", "a|b", "<i>\"x\"</i>", "*"];
        Write("a|b <title>", [Row("variant, one", null, [.. names.Select(name => Scores(name, 0.5, 0.5))])]);
        var records = Csv.Read(File.ReadAllText(_folder.File("table/table.csv"))).Select(record => record.Fields).ToList();
        Assert.All(records, fields => Assert.Equal(15, fields.Count));
        Assert.Equal(names, records.Skip(1).Select(fields => fields[Column(records, "class")]).Distinct());
        Assert.Equal(
            SegmentationMetrics.All.Select(metric => metric.Name),
            records.Skip(1).Select(fields => fields[Column(records, "metric")]).Distinct());
        var markdown = File.ReadAllLines(_folder.File("table/table.md"));
        Assert.Equal(@"# a\|b \<title\>", markdown[0]);
        Assert.Equal(@"| a\|b | variant, one | 50.0 ± 0.0 | 25.0 ± 0.0 | 5.0 ± 0.0 | 2 of 5 | 10 | 1.00 % |", markdown[5]);
    }

    /// <summary>
    /// Of a class, by subject: Dice as given (null: the subject lacks the class), half of it as surface Dice, and 10 mm less 10 mm times Dice
    /// as distances, none of an empty prediction, whose Dice is 0.
    /// </summary>
    private static IEnumerable<SubjectScore> Scores(string @class, params double?[] dice) =>
        dice.SelectMany((value, i) => SegmentationMetrics.All.Select(metric => new SubjectScore($"s{i}", @class, metric.Name, metric.Name switch
        {
            "dice" => value,
            "nsd_2mm" => value / 2,
            _ => value == 0 ? null : 10 - 10 * value,
        })));

    private static EvaluationSummary Summary(params IEnumerable<SubjectScore>[] classes)
    {
        var scores = classes.SelectMany(found => found).ToList();
        return new()
        {
            Part = Part.Test,
            Subjects = 5,
            TrainedParameters = 10,
            TotalParameters = 1000,
            Classes = [.. scores.Select(score => score.Class).Distinct().Select((name, i) => ClassScore.Of(i + 1, name, scores))],
        };
    }

    private ResultRow Row(string variant, int? repetition, params IEnumerable<SubjectScore>[] classes)
    {
        var folder = Directory.CreateDirectory(_folder.File(Guid.NewGuid().ToString("N"))).FullName;
        Summary(classes).Write(folder);
        SubjectScore.Write(folder, classes.SelectMany(found => found));
        return new ResultRow($"row {_rows++}", variant, folder, repetition);
    }

    private ResultTable Write(string title, IReadOnlyList<ResultRow> rows, params (string, string)[] comparisons)
    {
        var folder = Directory.CreateDirectory(_folder.File("table")).FullName;
        ResultTable.Write(title, rows, comparisons, folder);
        return ResultTable.Read(folder)!;
    }

    private static string Cell(ResultGrid grid, int row, string column) => grid.Rows[row][grid.Header.ToList().IndexOf(column)];

    private static int Column(List<IReadOnlyList<string>> records, string name) => records[0].ToList().IndexOf(name);
}
