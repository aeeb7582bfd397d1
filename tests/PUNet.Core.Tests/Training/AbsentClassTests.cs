using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Inference;
using PUNet.Core.Metrics;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Training;
using PUNet.Core.Training.Options;

namespace PUNet.Core.Tests.Training;

public sealed class AbsentClassTests : IDisposable
{
    private const int Absent = 9;
    private readonly PhantomWorkplace _workplace = new(absent: "thymus");

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public void A_class_that_no_training_subject_has_ends_a_training_before_its_first_step()
    {
        var said = new List<StageEvent>();
        var (adaptation, pretraining) = (_workplace.New(), _workplace.New());
        var backbone = Backbone();
        var adapt = Assert.Throws<ConfigurationException>(() => Adaptation.Run(
            PhantomWorkplace.Adaptation with { Target = PhantomWorkplace.ClassNames(2, Absent) },
            backbone, _workplace.Prepared, "cpu", adaptation, said.Add, default));
        var pretrain = Assert.Throws<ConfigurationException>(() => Core.Training.Pretraining.Run(
            Options with { Supervise = PhantomWorkplace.ClassNames(1, Absent) }, _workplace.Prepared, "cpu", pretraining, said.Add, default));
        foreach (var fault in new[] { adapt, pretrain })
            Assert.Equal(
                "No training subject has the class 'thymus' (2 looked at). Give the part a subject that has it in the split, or leave the class out.",
                Assert.Single(fault.Faults));
        Assert.Empty(said);
        string[] folders = [adaptation.Output, adaptation.Work, pretraining.Output, pretraining.Work];
        Assert.All(folders, folder => Assert.Empty(Directory.EnumerateFileSystemEntries(folder)));
    }

    [Fact]
    public void A_class_that_no_test_subject_has_gets_no_score_and_enters_no_mean()
    {
        var scores = _workplace.Evaluate(new EvaluationOptions { Classes = _workplace.Names(1, Absent) }, Backbone(), null);
        var summary = EvaluationSummary.Read(scores);
        Assert.Equal((Absent, "thymus", 0), (summary.Classes[1].Label, summary.Classes[1].Name, summary.Classes[1].Subjects));
        Assert.All(summary.Classes[1].Figures, figure => Assert.Equal(new MetricFigure(figure.Metric, null, null, 0, 0), figure));
        Assert.Equal(summary.Classes[0].MeanDice, summary.MeanDice);
        Assert.Contains(Csv.Read(File.ReadAllText(Path.Combine(scores, "scores.csv"))), record => record.Fields is [_, "thymus", "dice", ""]);
    }

    [Fact]
    public void An_evaluation_scores_every_metric_of_the_prediction_that_it_writes_with_the_prepared_spacing()
    {
        var scores = _workplace.Evaluate(new EvaluationOptions { Classes = _workplace.Names(4, 1), Part = Part.Train }, Backbone(), null);
        var found = SubjectScore.Read(scores);
        var summary = EvaluationSummary.Read(scores);
        Assert.Equal([1, 4], summary.Classes.Select(score => score.Label));
        Assert.Equal(
            from subject in _workplace.Prepared[Part.Train]
            from name in _workplace.Names(1, 4)
            from metric in SegmentationMetrics.All
            select (subject.Id, name, metric.Name),
            found.Select(score => (score.Subject, score.Class, score.Metric)));
        Assert.All(summary.Classes, score => Assert.Equal(ClassScore.Of(score.Label, score.Name, found).Figures, score.Figures));
        var scored = found.Where(score => score is { Metric: "hd95", Value: not null }).ToList();
        Assert.NotEmpty(scored);
        var size = _workplace.Prepared[Part.Train].ToDictionary(subject => subject.Id, subject => subject.Extent.H * subject.Spacing.H);
        // an untrained network is far off, in mm as in voxels
        Assert.All(scored, score => Assert.InRange(score.Value!.Value, size[score.Subject] / 10, 2 * size[score.Subject]));
    }

    private static PretrainingOptions Options { get; } = PhantomWorkplace.Pretraining with
    {
        Network = ((PromptableUNetConfiguration)PhantomWorkplace.Pretraining.Network) with { PoolSize = 10 },
    };

    private string Backbone()
    {
        var folders = _workplace.New();
        Core.Training.Pretraining.WriteStart(Options, _workplace.Prepared, folders);
        return folders.Output;
    }
}
