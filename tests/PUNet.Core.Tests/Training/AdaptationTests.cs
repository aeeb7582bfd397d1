using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Data.Phantoms;
using PUNet.Core.Inference;
using PUNet.Core.Inference.Pictures;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Tests.Models;
using PUNet.Core.Training;
using PUNet.Core.Training.Options;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training;

public sealed class AdaptationTests : IClassFixture<PhantomWorkplace>, IDisposable
{
    private readonly PhantomWorkplace _workplace;
    private readonly string _backbone;

    public AdaptationTests(PhantomWorkplace workplace)
    {
        _workplace = workplace;
        var folders = workplace.New();
        Pretraining.WriteStart(PhantomWorkplace.Pretraining, workplace.Prepared, folders);
        _backbone = folders.Output;
    }

    public void Dispose() => Directory.Delete(_backbone, recursive: true);

    [Theory]
    [MemberData(nameof(Variants.All), MemberType = typeof(Variants))]
    public void Every_variant_trains_is_stored_and_can_be_evaluated(AdaptationVariant variant)
    {
        var adapter = _workplace.Adapt(PhantomWorkplace.Adaptation with { Variant = variant }, _backbone);
        var card = AdapterCard.Read(adapter);
        Assert.Equal(variant, card.Variant);
        Assert.Equal(variant == AdaptationVariant.TuneLowRank ? NetworkConfiguration.DefaultRank : null, card.Rank);
        Assert.InRange(card.TrainedParameters, 1, card.TotalParameters);
        var scores = _workplace.Evaluate(new EvaluationOptions { Classes = _workplace.Names(2) }, _backbone, adapter);
        var summary = EvaluationSummary.Read(scores);
        Assert.Equal("spleen", Assert.Single(summary.Classes).Name);
        Assert.Equal(card.TrainedParameters, summary.TrainedParameters);
        Assert.Single(Directory.GetFiles(Path.Combine(scores, "predictions")));
        var panel = Assert.Single(SubjectPanels.Read(scores)!.Panels);
        Assert.Equal(("spleen", SubjectRank.Best, summary.Classes[0].MeanDice), (panel.Class, panel.Rank, 100 * panel.Dice));
        Assert.True(File.Exists(Path.Combine(scores, panel.File)));
        var volume = Assert.Single(SubjectVolumes.Read(scores)!.Volumes);
        Assert.Equal(panel.Subject, volume.Subject);
        Assert.True(File.Exists(Path.Combine(scores, volume.Prediction)));
    }

    [Fact]
    public void Tuning_one_class_after_another_leaves_the_predictions_of_earlier_ones_bit_identical()
    {
        var said = new List<string>();
        var first = _workplace.Adapt(PhantomWorkplace.Adaptation, _backbone);
        var subject = _workplace.TestSubject();
        var (ofBase, ofNew) = (Margins(_backbone, null, 1), Margins(_backbone, first, 2));
        var folders = _workplace.New();
        var options = PhantomWorkplace.Adaptation with { Variant = AdaptationVariant.FineTune, Target = PhantomWorkplace.ClassNames(3) };
        Adaptation.Run(options, _backbone, _workplace.Prepared, "cpu", folders,
            happening => { if (happening is StageEvent.Message message) said.Add(message.Text); }, default);
        Assert.Equal(ofBase, Margins(_backbone, null, 1));
        Assert.Equal(ofNew, Margins(_backbone, first, 2));
        Assert.Contains(
            $"backbone and predictions of earlier classes ({PhantomGenerator.Classes[0]}, {PhantomGenerator.Classes[3]}) are bit-identical", said);

        float[] Margins(string backbone, string? adapter, int label)
        {
            using var model = AdaptedModel.Load(backbone, adapter, CPU);
            return new Segmenter(model.Parts[0], 0.5).Margins(subject, [label], default)[label];
        }
    }

    [Fact]
    public void Statistics_that_followed_the_training_are_part_of_the_adapter()
    {
        var adapter = _workplace.Adapt(PhantomWorkplace.Adaptation with { FreezeStatistics = false }, _backbone);
        var tuned = Safetensors.Read(Path.Combine(adapter, AdapterCard.WeightsFile));
        using var adapted = AdaptedModel.Load(_backbone, adapter, CPU);
        using var laidOn = adapted.Parts[0].LayOn();
        foreach (var (name, value) in NetworkState.Of(adapted.Parts[0].Network).Where(entry => entry.Key.Contains(".running_")))
            Assert.True(tuned[name].Equals(value), name);
    }

    [Fact]
    public void Prompting_leaves_the_prediction_of_a_base_class_bit_identical()
    {
        var adapter = _workplace.Adapt(PhantomWorkplace.Adaptation, _backbone);
        using var plain = AdaptedModel.Load(_backbone, null, CPU);
        using var adapted = AdaptedModel.Load(_backbone, adapter, CPU);
        using var laidOn = adapted.Parts[0].LayOn();
        var tuned = Safetensors.Read(Path.Combine(adapter, AdapterCard.WeightsFile));
        var (before, after) = (NetworkState.Of(plain.Parts[0].Network), NetworkState.Of(adapted.Parts[0].Network));
        foreach (var (name, value) in before)
            Assert.Equal(!tuned.ContainsKey(name), value.eq(after[name]).all().item<bool>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interrupted_adaptation_ends_with_the_bytes_of_an_uninterrupted_one(bool more)
    {
        var options = !more ? PhantomWorkplace.Adaptation : PhantomWorkplace.Adaptation with
        {
            InitialTokens = TokenInitialisation.Prototypes,
            OwnBackground = true,
            WeightAverage = 0.9,
            Recipe = PhantomWorkplace.Adaptation.Recipe with { DiceWeight = 1, Schedule = RateSchedule.OneCycleByStep },
        };
        var whole = _workplace.Adapt(options, _backbone);
        var folders = _workplace.New();
        using var stop = new CancellationTokenSource();
        void StopAfterThree(StageEvent happening)
        {
            if (happening is StageEvent.Progress { Done: 3 }) stop.Cancel();
        }
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Adaptation.Run(options, _backbone, _workplace.Prepared, "cpu", folders, StopAfterThree, stop.Token));
        Adaptation.Run(options, _backbone, _workplace.Prepared, "cpu", folders, _ => { }, default);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole, AdapterCard.WeightsFile)),
            File.ReadAllBytes(Path.Combine(folders.Output, AdapterCard.WeightsFile)));
    }

    [Fact]
    public void An_adapter_of_another_backbone_is_refused()
    {
        var adapter = _workplace.Adapt(
            PhantomWorkplace.Adaptation with { Recipe = PhantomWorkplace.Adaptation.Recipe with { Epochs = 1 } },
            _backbone);
        var other = _workplace.New();
        Pretraining.WriteStart(
            PhantomWorkplace.Pretraining with { Recipe = PhantomWorkplace.Pretraining.Recipe with { Seed = 2 } },
            _workplace.Prepared, other);
        var error = Assert.Throws<CheckpointException>(() => AdaptedModel.Load(other.Output, adapter, CPU));
        Assert.Contains("was made for the backbone", error.Message);
    }

    [Fact]
    public void An_adapter_at_the_paper_s_size_is_below_300_kilobytes()
    {
        using var network = new PromptableUNet(new PromptableUNetConfiguration(), new RandomStream(1, "size"));
        using var adapter = Adapter.Extract(network, AdaptationVariant.PromptTune, [3]);
        var folder = _workplace.New().Output;
        ModelFolder.SaveAdapter(folder, adapter.Tensors, new AdapterCard
        {
            Variant = AdaptationVariant.PromptTune,
            NewClasses = [3],
            Backbone = new string('0', 64),
            TrainedParameters = 57_344,
            TotalParameters = 6_815_648,
        });
        Assert.Equal(57_344, adapter.Tensors.Values.Sum(tensor => tensor.numel()));
        Assert.InRange(new FileInfo(Path.Combine(folder, AdapterCard.WeightsFile)).Length, 57_344 * 4, 300_000);
    }
}
