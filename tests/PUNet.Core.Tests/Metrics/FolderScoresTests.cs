using System.Text.Json;
using PUNet.Core.Common;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Inference;
using PUNet.Core.Inference.Scoring;

namespace PUNet.Core.Tests.Metrics;

public sealed class FolderScoresTests : IDisposable
{
    private static readonly Extent _extent = new(4, 3, 2);

    private readonly TemporaryFolder _folder = new();
    private readonly string _predictions;
    private readonly string _references;

    public FolderScoresTests()
    {
        _predictions = Directory.CreateDirectory(_folder.File("predictions")).FullName;
        _references = Directory.CreateDirectory(_folder.File("references")).FullName;
        Write(_references, "a", (0, 1), (1, 1), (2, 1), (3, 5));
        Write(_predictions, "a", (0, 1), (1, 1), (4, 1), (3, 5));
        Write(_references, "b", (0, 1)); // lacks 5
        Write(_predictions, "b", (0, 1), (6, 5), (7, 5));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cases_without_a_class_have_no_score_and_what_was_predicted_there_is_counted()
    {
        var scores = Score([new(1, "liver"), new(5, "cyst")]);
        Assert.Equal(100 * (2.0 / 3 + 1) / 2, scores.Means[0].MeanDice!.Value, 1e-9);
        Assert.Equal((1, 100.0), (scores.Means[1].Subjects, scores.Means[1].MeanDice));
        Assert.Equal(new FalsePositives(1, 1, 2 * 0.008), scores.Means[1].WhereAbsent);
        Assert.Equal(new FalsePositives(0, 0, null), scores.Means[0].WhereAbsent);
    }

    [Fact]
    public void Its_summary_has_the_form_of_nnU_Net()
    {
        var scores = Score([new(1, "liver"), new(5, "cyst")]);
        scores.Write(_folder.Path);
        using var summary = JsonDocument.Parse(File.ReadAllText(_folder.File("summary.json")));
        var cases = summary.RootElement.GetProperty("metric_per_case");
        Assert.Equal(2, cases.GetArrayLength());
        var first = cases[0].GetProperty("metrics").GetProperty("1");
        Assert.Equal([2, 1, 1, 20, 3, 3], new[] { "TP", "FP", "FN", "TN", "n_pred", "n_ref" }.Select(name => first.GetProperty(name).GetInt32()));
        Assert.Equal(2.0 / 3, first.GetProperty("Dice").GetDouble(), 1e-12);
        Assert.Equal(0.5, first.GetProperty("IoU").GetDouble(), 1e-12);
        Assert.EndsWith("a.nii.gz", cases[0].GetProperty("reference_file").GetString());
        Assert.Equal(0.5, summary.RootElement.GetProperty("mean").GetProperty("5").GetProperty("Dice").GetDouble(), 1e-12);
        var mean = ((2.0 / 3 + 1) / 2 + 0.5) / 2;
        Assert.Equal(mean, summary.RootElement.GetProperty("foreground_mean").GetProperty("Dice").GetDouble(), 1e-12);
        Assert.Equal(4, SubjectScore.Read(_folder.Path).Count(score => score.Metric == "dice"));
    }

    [Fact]
    public void Classes_come_from_what_lies_beside_or_from_the_references()
    {
        Assert.Equal([new(1, "label 1"), new(5, "label 5")], Score(null).Classes);
        File.WriteAllText(Path.Combine(_folder.Path, "dataset.json"), """{ "labels": { "background": 0, "cyst": 5, "liver": 1 } }""");
        Assert.Equal([new(1, "liver"), new(5, "cyst")], Score(null).Classes);
        File.WriteAllText(Path.Combine(_predictions, "labels.json"), """{ "5": "zyste" }""");
        Assert.Equal([new(5, "zyste")], Score(null).Classes);
        File.WriteAllText(Path.Combine(_predictions, "labels.json"), "{");
        Assert.Contains("--classes 1=liver", Assert.Throws<ConfigurationException>(() => Score(null)).Message);
    }

    [Fact]
    public void A_missing_prediction_and_another_grid_are_errors()
    {
        Write(_references, "c", (0, 1));
        Assert.Contains("1 of 3 references have no prediction", Assert.Throws<ConfigurationException>(() => Score(null)).Message);
        NiftiWriter.Write(
            Path.Combine(_predictions, "c.nii.gz"), new LabelMap(new ushort[24], _extent, Geometry.FromSpacing(new Spacing(3, 2, 2))));
        Assert.Contains("does not fit its reference", Assert.Throws<ImageFileException>(() => Score(null)).Message);
    }

    private FolderScores Score(IReadOnlyList<ScoredClass>? classes) => FolderScores.Of(_predictions, _references, classes, _ => { }, default);

    private static void Write(string folder, string name, params (int Voxel, ushort Label)[] marked)
    {
        var data = new ushort[_extent.Count];
        foreach (var (voxel, label) in marked) data[voxel] = label;
        NiftiWriter.Write(Path.Combine(folder, name + ".nii.gz"), new LabelMap(data, _extent, Geometry.FromSpacing(new Spacing(2, 2, 2))));
    }
}
