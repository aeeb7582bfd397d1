using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Inference;
using PUNet.Core.Inference.Results;

namespace PUNet.Core.Tests.Inference.Results;

public sealed class ResultTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_class_that_no_subject_has_is_in_no_mean_and_has_no_deviation()
    {
        var absent = ClassScore.Of(2, "spleen", []);
        Assert.Equal((0, null, null), (absent.Subjects, absent.MeanDice, absent.DeviationDice));
        Assert.Equal(new ClassScore(1, "liver", 1, 80, null), ClassScore.Of(1, "liver", [0.8]));
        var summary = Summary(ClassScore.Of(1, "liver", [0.5, 0.7]), absent);
        Assert.Equal(60, summary.MeanDice!.Value, 12);
        Assert.Equal(["spleen"], summary.AbsentClasses);
        Assert.Equal("mean Dice 60.0 % over 1 class of the test part; no subject of the part has spleen", summary.ToString());
        Assert.Null(Summary(absent).MeanDice);
    }

    [Fact]
    public void A_mean_over_seeds_says_so_and_an_absent_class_stays_absent_over_seeds()
    {
        var rows = new[] { 0.5, 0.7, 0.9 }
            .Select(dice => Row("promptTune", 0, ClassScore.Of(1, "liver", [dice, dice]), ClassScore.Of(2, "spleen", [])));
        var table = Write("seeds", [.. rows, Row("fineTune", null, ClassScore.Of(1, "liver", [0.25, 0.75]))]);
        Assert.Equal(
            [["liver", "promptTune", "70.0 ± 20.0 (3 seeds)", "2 of 5", "10", "1.00 %"],
             ["spleen", "promptTune", "absent", "0 of 5", "10", "1.00 %"],
             ["liver", "fineTune", "50.0 ± 35.4", "2 of 5", "10", "1.00 %"]],
            table.Lines.Select(ResultTable.Cells));
        Assert.Contains("Dice: mean ± standard deviation over the subjects of the test part that have the class.", table.Notes);
        Assert.Contains(table.Notes, note => note.StartsWith("(seeds): mean ± standard deviation over trainings with other seeds"));
        Assert.Contains(table.Notes, note => note.StartsWith("absent: no subject has the class"));
        Assert.DoesNotContain(table.Notes, note => note.StartsWith("Without ±"));
    }

    [Fact]
    public void The_notes_name_the_part_that_was_scored_and_a_single_subject_has_no_deviation()
    {
        var summary = Summary(ClassScore.Of(1, "liver", [0.5])) with { Part = Part.Validation, Subjects = 1 };
        var table = Write("validation", [Row("pretrain", null, summary)]);
        Assert.Equal("50.0", ResultTable.Cells(table.Lines[0])[2]);
        Assert.Contains(table.Notes, note => note.Contains("the validation part"));
        Assert.Contains("Without ±: a single subject has the class.", table.Notes);
    }

    [Fact]
    public void Names_with_commas_quotes_bars_and_tags_shift_no_column_and_change_no_page()
    {
        string[] names = ["kidney, left", "a|b", "<i>\"x\"</i>", "*"];
        Write("a|b <title>", [Row("variant, one", null, [.. names.Select((name, i) => ClassScore.Of(i + 1, name, [0.5, 0.5]))])]);
        var records = Csv.Read(File.ReadAllText(_folder.File("table/table.csv")));
        Assert.All(records, record => Assert.Equal(10, record.Fields.Count));
        Assert.Equal(names, records.Skip(1).Select(record => record.Fields[0]));
        var markdown = File.ReadAllLines(_folder.File("table/table.md"));
        Assert.Equal(@"# a\|b \<title\>", markdown[0]);
        Assert.Equal(@"| a\|b | variant, one | 50.0 ± 0.0 | 2 of 5 | 10 | 1.00 % |", markdown[5]);
    }

    [Fact]
    public void Pictures_of_different_classes_are_different_files_within_the_folder()
    {
        string[] names = ["lesion+", "lesion-", "a/b", "../../x", new('n', 400), ""];
        var files = names.Select((name, i) => Path.GetFullPath(EvaluationPanels.Image(_folder.Path, i + 1, name))).ToList();
        Assert.Equal(names.Length, files.Distinct().Count());
        Assert.All(files, file => Assert.Equal(_folder.File("panels"), Path.GetDirectoryName(file)));
        Assert.All(files, file => Assert.InRange(Path.GetFileName(file).Length, 1, 100));
    }

    private static EvaluationSummary Summary(params ClassScore[] classes) =>
        new() { Part = Part.Test, Subjects = 5, TrainedParameters = 10, TotalParameters = 1000, Classes = classes };

    private ResultTable.Row Row(string variant, int? repetition, params ClassScore[] classes) => Row(variant, repetition, Summary(classes));

    private ResultTable.Row Row(string variant, int? repetition, EvaluationSummary summary)
    {
        var folder = Directory.CreateDirectory(_folder.File(Guid.NewGuid().ToString("N"))).FullName;
        summary.Write(folder);
        return new ResultTable.Row(variant, folder, repetition);
    }

    private ResultTable Write(string title, IReadOnlyList<ResultTable.Row> rows)
    {
        var folder = Directory.CreateDirectory(_folder.File("table")).FullName;
        ResultTable.Write(title, rows, folder);
        return ResultTable.Read(folder)!;
    }
}
