using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Inference;
using PUNet.Core.Models;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Training;

namespace PUNet.Core.Tests.Training;

public sealed class PretrainingTests(PhantomWorkplace workplace) : IClassFixture<PhantomWorkplace>
{
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    public void The_loss_falls_and_the_backbone_can_be_read_back(bool supervised, bool selfSupervised, bool promptsInBlocks)
    {
        var recipe = PhantomWorkplace.Pretraining.Recipe with { Epochs = 6, BodyRate = 3e-3, PromptRate = 1e-2, AugmentationStrength = 0 };
        var options = PhantomWorkplace.Of(supervised, selfSupervised) with { PromptsInBlocks = promptsInBlocks, Recipe = recipe };
        var folder = workplace.Pretrain(options);
        var (network, card) = ModelFolder.LoadBackbone(folder, TorchSharp.torch.CPU);
        using var _ = network;
        Assert.Equal(supervised ? [1, 4] : [], card.BaseClasses);
        Assert.Equal(promptsInBlocks && supervised, card.PromptsInBlocks);
        var figure = supervised ? "focal" : "cpa";
        var means = File.ReadAllLines(Path.Combine(folder, "training.jsonl"))
            .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("mean").GetProperty(figure).GetDouble()).ToList();
        Assert.Equal(6, means.Count);
        Assert.True(means[^1] < means[0], $"{figure}: {string.Join(", ", means)}");
    }

    [Theory]
    [InlineData(32, 24, 40, 4, 3, 2)] // flat
    [InlineData(16, 16, 16, 8, 4, 4)] // anisotropic
    public void Settings_of_several_slices_train_adapt_and_predict(int first, int second, int teacher, int depth, int window, int windowDepth)
    {
        Extent Patch(int edge) => new(edge, edge, depth);
        var network = (PromptableUNetConfiguration)PhantomWorkplace.Pretraining.Network with
        {
            StudentPatch = Patch(first),
            SecondStudentPatch = Patch(second),
            TeacherPatch = Patch(teacher),
            Window = new Extent(window, window, windowDepth),
        };
        var backbone = workplace.Pretrain(
            PhantomWorkplace.Pretraining with { Network = network, Recipe = PhantomWorkplace.Pretraining.Recipe with { Epochs = 1 } });
        var adapter = workplace.Adapt(PhantomWorkplace.Adaptation with { Recipe = PhantomWorkplace.Adaptation.Recipe with { Epochs = 1 } }, backbone);
        var scores = workplace.Evaluate(new EvaluationOptions { Classes = workplace.Names(2) }, backbone, adapter);
        Assert.Equal(1, Assert.Single(EvaluationSummary.Read(scores).Classes).Subjects);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_log_tells_the_share_of_the_largest_loss_and_how_many_prototypes_are_in_use(bool supervised)
    {
        const int Prototypes = 4; // of a teacher's view of 40 × 40: 20 × 20 positions, an eighth of them on either axis
        var told = new List<StageEvent.Metric>();
        var folders = workplace.New();
        Pretraining.Run(
            PhantomWorkplace.Of(supervised, selfSupervised: true), workplace.Prepared, "cpu", folders,
            happening => { if (happening is StageEvent.Metric metric) told.Add(metric); }, default);
        var lines = File.ReadAllLines(Path.Combine(folders.Output, "training.jsonl"))
            .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("mean")).ToList();
        Assert.Equal(2, lines.Count);
        foreach (var mean in lines)
        {
            Assert.Equal(mean.GetProperty("cpa").GetDouble() / (2 * Math.Log(Prototypes)), mean.GetProperty("cpa_share").GetDouble(), 1e-5);
            Assert.InRange(mean.GetProperty("prototypes_in_use").GetDouble(), 1, Prototypes);
        }
        Assert.Equal(2, told.Count(metric => metric.Name == "prototypes_in_use"));
    }

    [Fact]
    public void An_interrupted_training_ends_with_the_bytes_of_an_uninterrupted_one()
    {
        var whole = workplace.Pretrain(PhantomWorkplace.Pretraining);
        var folders = workplace.New();
        using var stop = new CancellationTokenSource();
        void StopAfterFour(StageEvent happening)
        {
            if (happening is StageEvent.Progress { Done: 4 }) stop.Cancel();
        }
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Pretraining.Run(PhantomWorkplace.Pretraining, workplace.Prepared, "cpu", folders, StopAfterFour, stop.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folders.Output));
        Pretraining.Run(PhantomWorkplace.Pretraining, workplace.Prepared, "cpu", folders, _ => { }, default);
        foreach (var file in new[] { "backbone.safetensors", "training.jsonl", "model.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file)), File.ReadAllBytes(Path.Combine(folders.Output, file)));
    }

    [Fact]
    public void Slots_of_classes_that_do_not_occur_stay_as_they_were_drawn()
    {
        var trained = workplace.Pretrain(PhantomWorkplace.Pretraining);
        var folders = workplace.New();
        Pretraining.WriteStart(PhantomWorkplace.Pretraining, workplace.Prepared, folders);
        var (before, after) = (Weights(folders.Output), Weights(trained));
        foreach (var (name, value) in before.Where(entry => !entry.Key.Contains("num_batches") && !entry.Key.Contains("running")))
        {
            var same = value.eq(after[name]).all().item<bool>();
            var slot = ParameterSlot(name);
            if (slot is 2 or 3 or 5 or 6 or 7 or 8) Assert.True(same, $"{name} changed");
            if (slot is 1 or 4) Assert.False(same, $"{name} did not change");
        }
    }

    private static IReadOnlyDictionary<string, TorchSharp.torch.Tensor> Weights(string folder) =>
        Safetensors.Read(Path.Combine(folder, "backbone.safetensors"));

    /// <summary>Class of a token pool's tensor, prompts.POOL.….CLASS; null for every other tensor.</summary>
    private static int? ParameterSlot(string name) =>
        name.StartsWith("prompts.", StringComparison.Ordinal) && int.TryParse(name[(name.LastIndexOf('.') + 1)..], out var slot) ? slot : null;
}
