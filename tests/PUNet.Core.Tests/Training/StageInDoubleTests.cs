using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Inference;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Tests.Models;
using PUNet.Core.Tests.Models.Baselines;
using PUNet.Core.Training;
using PUNet.Core.Training.Options;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training;

/// <summary>
/// The stages with networks in double precision. Conversion replaces parameters as a move to a GPU does, so these walk the path of a
/// GPU without one: whatever held a parameter too early fails here with an empty handle.
/// </summary>
public sealed class StageInDoubleTests(PhantomWorkplace workplace) : IClassFixture<PhantomWorkplace>
{
    private static readonly NetworkPlace _double = new(CPU, ScalarType.Float64);

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_pre_training_learns_what_it_learns_in_single_precision(bool supervised, bool selfSupervised)
    {
        var options = PhantomWorkplace.Of(supervised, selfSupervised);
        var (single, twice) = (Losses(workplace.Pretrain(options)), Losses(Pretrain(options, workplace.New())));
        Assert.Equal(single.Count, twice.Count);
        Assert.All(single.Zip(twice), pair => Assert.Equal(pair.First, pair.Second, 1e-3 * Math.Abs(pair.First)));
    }

    [Theory]
    [InlineData("unet")]
    [InlineData("unetr")]
    [InlineData("swin_unetr")]
    public void A_baseline_trains_adapts_and_predicts(string architecture)
    {
        var small = SmallBaselines.All[architecture];
        var backbone = Pretrain(
            PhantomWorkplace.Pretraining with
            {
                Network = small,
                Recipe = PhantomWorkplace.Pretraining.Recipe with { Epochs = 1, CropsPerEpoch = 4, BatchSize = 2 },
            },
            workplace.New());
        var options = PhantomWorkplace.Adaptation with
        {
            Variant = AdaptationVariant.TuneDecoder,
            Recipe = PhantomWorkplace.Adaptation.Recipe with { Epochs = 1, CropsPerEpoch = 4, BatchSize = 2 },
        };
        AdaptAndEvaluate(options, backbone);
    }

    [Fact]
    public void An_interrupted_training_ends_with_the_bytes_of_an_uninterrupted_one()
    {
        var whole = Pretrain(PhantomWorkplace.Pretraining, workplace.New());
        var folders = workplace.New();
        using var stop = new CancellationTokenSource();
        void StopAfterFour(StageEvent happening)
        {
            if (happening is StageEvent.Progress { Done: 4 }) stop.Cancel();
        }
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Pretraining.Run(PhantomWorkplace.Pretraining, workplace.Prepared, _double, folders, StopAfterFour, stop.Token));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole, "backbone.safetensors")),
            File.ReadAllBytes(Path.Combine(Pretrain(PhantomWorkplace.Pretraining, folders), "backbone.safetensors")));
    }

    [Theory]
    [MemberData(nameof(Variants.All), MemberType = typeof(Variants))]
    public void Every_variant_tunes_keeps_the_backbone_and_is_evaluated(AdaptationVariant variant)
    {
        var folders = workplace.New();
        Pretraining.WriteStart(PhantomWorkplace.Pretraining, workplace.Prepared, folders);
        AdaptAndEvaluate(PhantomWorkplace.Adaptation with { Variant = variant }, folders.Output);
    }

    private void AdaptAndEvaluate(AdaptationOptions options, string backbone)
    {
        var said = new List<string>();
        var (single, adapter, scores) = (workplace.Adapt(options, backbone), workplace.New().Output, workplace.New());
        Adaptation.Run(options, backbone, workplace.Prepared, _double, new StageFolders(adapter, workplace.New().Work), Note, default);
        Assert.Contains(said, text => text.EndsWith("bit-identical", StringComparison.Ordinal));
        Assert.All(Losses(single).Zip(Losses(adapter)), pair => Assert.Equal(pair.First, pair.Second, 1e-3 * Math.Abs(pair.First)));
        var tuned = Safetensors.Read(Path.Combine(adapter, AdapterCard.WeightsFile)).Values.Where(value => value.is_floating_point());
        Assert.All(tuned, value => Assert.Equal(ScalarType.Float64, value.dtype));
        Evaluation.Run(
            new EvaluationOptions { Classes = workplace.Names(2) }, backbone, adapter, workplace.Prepared, _double, scores, _ => { }, default);
        Assert.Equal(1, Assert.Single(EvaluationSummary.Read(scores.Output).Classes).Subjects);

        void Note(StageEvent happening)
        {
            if (happening is StageEvent.Message message) said.Add(message.Text);
        }
    }

    private string Pretrain(PretrainingOptions options, StageFolders folders)
    {
        Pretraining.Run(options, workplace.Prepared, _double, folders, _ => { }, default);
        return folders.Output;
    }

    /// <summary>The figures of every epoch.</summary>
    private static List<double> Losses(string folder) =>
        [.. File.ReadAllLines(Path.Combine(folder, "training.jsonl"))
            .SelectMany(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("mean").EnumerateObject())
            .Select(figure => figure.Value.GetDouble())];
}
