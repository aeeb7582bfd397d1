using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Inference;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Baselines;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Tests.Models.Baselines;
using PUNet.Core.Training;
using PUNet.Core.Training.Options;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training;

public sealed class BaselineTrainingTests(PhantomWorkplace workplace) : IClassFixture<PhantomWorkplace>
{
    public static TheoryData<string> Architectures { get; } = [.. SmallBaselines.All.Keys];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_baseline_learns_all_base_classes_at_once_and_an_interruption_changes_no_byte(string architecture)
    {
        var options = Options(architecture) with
        {
            Recipe = Options(architecture).Recipe with { Epochs = 4, BodyRate = 3e-3, AugmentationStrength = 0 },
        };
        var whole = workplace.Pretrain(options);
        var means = File.ReadAllLines(Path.Combine(whole, "training.jsonl"))
            .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("mean")).ToList();
        Assert.True(means[^1].GetProperty("focal").GetDouble() < means[0].GetProperty("focal").GetDouble(), string.Join(" ", means));
        var folders = workplace.New();
        using var stop = new CancellationTokenSource();
        void StopAfterFour(StageEvent happening)
        {
            if (happening is StageEvent.Progress { Done: 4 }) stop.Cancel();
        }
        Assert.ThrowsAny<OperationCanceledException>(() => Pretraining.Run(options, workplace.Prepared, "cpu", folders, StopAfterFour, stop.Token));
        Pretraining.Run(options, workplace.Prepared, "cpu", folders, _ => { }, default);
        foreach (var file in new[] { "backbone.safetensors", "training.jsonl", "model.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file)), File.ReadAllBytes(Path.Combine(folders.Output, file)));
        Assert.Equal(3, ModelCard.Read(whole).Network.FixedOutputChannels);
        var summary = EvaluationSummary.Read(workplace.Evaluate(new EvaluationOptions { Classes = workplace.Names(1, 4) }, whole, null));
        Assert.Equal(["liver", "right kidney"], summary.Classes.Select(score => score.Name).Order());
    }

    [Theory]
    [InlineData("unet", AdaptationVariant.FineTune)]
    [InlineData("unet", AdaptationVariant.TuneOutput)]
    [InlineData("unet", AdaptationVariant.TuneDecoder)]
    [InlineData("unet", AdaptationVariant.TuneBiases)]
    [InlineData("unetr", AdaptationVariant.FineTune)]
    [InlineData("unetr", AdaptationVariant.TuneDecoder)]
    [InlineData("unetr", AdaptationVariant.TuneBiases)]
    [InlineData("swin_unetr", AdaptationVariant.FineTune)]
    [InlineData("swin_unetr", AdaptationVariant.TuneDecoder)]
    [InlineData("swin_unetr", AdaptationVariant.TuneBiases)]
    public void An_adaptation_changes_exactly_what_its_variant_trains_and_predicts_every_new_class(string architecture, AdaptationVariant variant)
    {
        var folders = workplace.New();
        Pretraining.WriteStart(Options(architecture), workplace.Prepared, folders);
        var backbone = folders.Output;
        var tuned = workplace.Adapt(
            PhantomWorkplace.Adaptation with
            {
                Variant = variant,
                Target = PhantomWorkplace.ClassNames(2, 3),
                Recipe = PhantomWorkplace.Adaptation.Recipe with { Epochs = 1, BatchSize = 2, CropsPerEpoch = 4 },
            },
            backbone);
        using var network = SmallBaselines.Network((BaselineConfiguration)SmallBaselines.All[architecture].ForClasses(2));
        var trained = ParameterGroups.Trained(network, variant, [2, 3]).Select(parameter => parameter.Name).ToHashSet();
        var stored = Safetensors.Read(Path.Combine(tuned, AdapterCard.WeightsFile));
        Assert.Equal(trained.Order(), stored.Keys.Intersect(network.named_parameters().Select(item => item.name)).Order());
        var before = Safetensors.Read(Path.Combine(backbone, "backbone.safetensors"));
        foreach (var name in trained.Where(name => before.ContainsKey(name) && !name.EndsWith(".bias"))) // before a norm a bias has no gradient
            Assert.False(stored[name].shape.SequenceEqual(before[name].shape) && stored[name].Equals(before[name]), name);
        using (var model = AdaptedModel.Load(backbone, tuned, CPU))
        {
            var after = NetworkState.Of(model.Parts[0].Network);
            using var laidOn = model.Parts[0].LayOn();
            foreach (var (name, value) in after)
                if (stored.TryGetValue(name, out var own)) Assert.True(value.Equals(own), name);
                else Assert.True(value.Equals(before[name]), name);
        }
        var summary = EvaluationSummary.Read(workplace.Evaluate(new EvaluationOptions { Classes = workplace.Names(2, 3) }, backbone, tuned));
        Assert.Equal(2, summary.Classes.Count);
        Assert.Equal(AdapterCard.Read(tuned).TrainedParameters, summary.TrainedParameters);
    }

    [Fact]
    public void The_channels_of_a_baseline_are_its_base_classes_in_order()
    {
        var folders = workplace.New();
        Pretraining.WriteStart(Options("unet"), workplace.Prepared, folders);
        using var model = AdaptedModel.Load(folders.Output, null, CPU);
        Assert.Equal([1, 4], model.Parts[0].FixedClasses!);
        using var scope = NewDisposeScope();
        using (no_grad()) NetworkState.Of(model.Parts[0].Network)["conv_seg.bias"].copy_(tensor(new[] { 0f, 0f, 50f }));
        var dataset = workplace.Prepared;
        var subject = dataset.Load(dataset.Subjects[0].Id, model.Normalisation);
        var segmenter = new Segmenter(model.Parts[0], 0);
        var pass = Assert.Single(segmenter.Passes([4], together: false));
        var margins = segmenter.Margins(subject, pass, default);
        Assert.All(margins[4], margin => Assert.True(margin > 0));
        Assert.All(margins[1], margin => Assert.True(margin < 0));
    }

    [Fact]
    public void A_head_that_no_loss_reaches_keeps_its_initial_values()
    {
        var (self, meta) = (Options("unet") with { Supervise = [] }, Options("unet") with { SelfSupervise = null });
        foreach (var (options, kept, trained) in new[] { (self, "_seg.", "_emb."), (meta, "_emb.", "_seg.") })
        {
            var untrained = workplace.New();
            Pretraining.WriteStart(options, workplace.Prepared, untrained);
            var (before, after) = (Weights(untrained.Output), Weights(workplace.Pretrain(options)));
            foreach (var name in before.Keys.Where(name => !name.Contains("running") && !name.Contains("num_batches")))
            {
                if (name.Contains(kept)) Assert.True(before[name].Equals(after[name]), name);
                if (name.Contains(trained) && !name.EndsWith(".bias")) Assert.False(before[name].Equals(after[name]), name);
            }
        }
    }

    [Fact]
    public void Prompts_and_their_mean_are_refused_before_anything_is_trained()
    {
        var folders = workplace.New();
        Pretraining.WriteStart(Options("unet"), workplace.Prepared, folders);
        Assert.Contains("UNet has no prompts to tune", Refusal(PhantomWorkplace.Adaptation));
        Assert.Contains(
            "initial_tokens has no effect here; fineTune predicts by a fixed output layer and uses no prompts",
            Refusal(PhantomWorkplace.Adaptation with { Variant = AdaptationVariant.FineTune, InitialTokens = TokenInitialisation.MeanOfBase }));

        string Refusal(AdaptationOptions options) => Assert.Throws<ConfigurationException>(() => workplace.Adapt(options, folders.Output)).Message;
    }

    private static PretrainingOptions Options(string architecture) =>
        PhantomWorkplace.Pretraining with
        {
            Network = SmallBaselines.All[architecture],
            Recipe = PhantomWorkplace.Pretraining.Recipe with { BatchSize = 2, CropsPerEpoch = 6 },
        };

    private static IReadOnlyDictionary<string, Tensor> Weights(string folder) => Safetensors.Read(Path.Combine(folder, "backbone.safetensors"));
}
