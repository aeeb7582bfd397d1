using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Inference;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Training;

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
            PhantomWorkplace.Adaptation with { NewClasses = [2, Absent] }, backbone, _workplace.Prepared, "cpu", adaptation, said.Add, default));
        var pretrain = Assert.Throws<ConfigurationException>(() => Core.Training.Pretraining.Run(
            Options with { BaseClasses = [1, Absent] }, _workplace.Prepared, "cpu", pretraining, said.Add, default));
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
        var scores = _workplace.Evaluate(new EvaluationOptions { Classes = [1, Absent] }, Backbone(), null);
        var summary = EvaluationSummary.Read(scores);
        Assert.Equal(new ClassScore(Absent, "thymus", 0, null, null), summary.Classes[1]);
        Assert.Equal(summary.Classes[0].MeanDice, summary.MeanDice);
        Assert.Contains(Csv.Read(File.ReadAllText(Path.Combine(scores, "scores.csv"))), record => record.Fields is [_, "thymus", "dice", ""]);
    }

    private static PretrainingOptions Options { get; } = PhantomWorkplace.Pretraining with
    {
        Network = ((PromptableUNetConfiguration)PhantomWorkplace.Pretraining.Network) with { PoolSize = 10 },
    };

    private string Backbone()
    {
        var folders = _workplace.New();
        Core.Training.Pretraining.WriteUntrained(Options, _workplace.Prepared, folders);
        return folders.Output;
    }
}
