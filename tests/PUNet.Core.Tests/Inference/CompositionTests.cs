using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Inference;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Tests.Training;
using PUNet.Core.Training;
using PUNet.Core.Training.Options;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Inference;

public sealed class CompositionTests : IClassFixture<PhantomWorkplace>
{
    private readonly PhantomWorkplace _workplace;
    private readonly string _backbone;
    private readonly LoadedSubject _subject;

    public CompositionTests(PhantomWorkplace workplace)
    {
        _workplace = workplace;
        var folders = workplace.New();
        Pretraining.WriteStart(PhantomWorkplace.Pretraining, workplace.Prepared, folders);
        _backbone = folders.Output;
        _subject = workplace.TestSubject();
    }

    [Fact]
    public void Every_class_of_a_composition_is_predicted_bit_for_bit_as_by_its_own_adapter()
    {
        var spleen = Adapt(AdaptationVariant.PromptTune, 2);
        var kidney = Adapt(AdaptationVariant.PromptTune, 3);
        var decoder = Adapt(AdaptationVariant.TuneDecoder, 5, 6);
        var alone = new[] { (spleen, new[] { 2 }), (kidney, [3]), (decoder, [5, 6]) };
        using var composed = AdaptedModel.Load(_backbone, Compose(spleen, kidney, decoder), CPU);
        Assert.Same(composed.Parts[0].Network, composed.Parts[1].Network);
        for (var i = 0; i < alone.Length; i++)
        {
            var (adapter, classes) = alone[i];
            using var single = AdaptedModel.Load(_backbone, adapter, CPU);
            var expected = new Segmenter(single.Parts[0], 0.5).Margins(_subject, classes, default);
            var actual = new Segmenter(composed.Parts[i], 0.5).Margins(_subject, classes, default);
            foreach (var label in classes) Assert.Equal(expected[label], actual[label]);
        }
    }

    [Fact]
    public void Adapters_of_different_ranks_are_loaded_at_their_own_and_share_no_network()
    {
        var low = Options(AdaptationVariant.TuneLowRank, 2);
        var first = _workplace.Adapt(low with { Rank = 1 }, _backbone);
        var (second, third) = (Adapt(AdaptationVariant.TuneLowRank, 3), Adapt(AdaptationVariant.TuneLowRank, 5));
        using var composed = AdaptedModel.Load(_backbone, Compose(first, second, third), CPU);
        Assert.NotSame(composed.Parts[0].Network, composed.Parts[1].Network);
        Assert.Same(composed.Parts[1].Network, composed.Parts[2].Network);
        Assert.Equal([1, 4, 4], composed.Parts.Select(part => ((PromptableUNetConfiguration)part.Network.Configuration).LowRank));
    }

    [Fact]
    public void A_composition_is_scored_on_one_label_map_of_all_its_classes()
    {
        var composition = Compose(Adapt(AdaptationVariant.PromptTune, 2), Adapt(AdaptationVariant.TuneOutput, 3, 5));
        var scores = _workplace.Evaluate(new EvaluationOptions { Classes = _workplace.Names(2, 3, 5) }, _backbone, composition);
        var summary = EvaluationSummary.Read(scores);
        Assert.Equal(3, summary.Classes.Count);
        var cards = AdapterComposition.Parts(composition).Select(AdapterCard.Read).ToList();
        var body = cards[0].TotalParameters - cards[0].TrainedParameters;
        Assert.Equal(cards.Sum(card => card.TrainedParameters), summary.TrainedParameters);
        Assert.Equal(body + cards.Sum(card => card.TrainedParameters), summary.TotalParameters);
        var error = Assert.Throws<ConfigurationException>(
            () => _workplace.Evaluate(new EvaluationOptions { Classes = _workplace.Names(2, 4) }, _backbone, composition));
        Assert.Contains("No adapter predicts class 4", error.Message);
    }

    [Fact]
    public void Adapters_of_different_backbones_and_of_one_class_are_not_composed()
    {
        var spleen = Adapt(AdaptationVariant.PromptTune, 2);
        var other = _workplace.New();
        Pretraining.WriteStart(
            PhantomWorkplace.Pretraining with { Recipe = PhantomWorkplace.Pretraining.Recipe with { Seed = 2 } },
            _workplace.Prepared, other);
        var foreign = _workplace.Adapt(Options(AdaptationVariant.PromptTune, 3), other.Output);
        Assert.Contains("different backbones", Assert.Throws<CheckpointException>(() => Compose(spleen, foreign)).Message);
        Assert.Contains("Two adapters predict class 2", Assert.Throws<CheckpointException>(() => Compose(spleen, spleen)).Message);
    }

    [Fact]
    public void Several_classes_in_one_pass_give_the_argmax_of_the_pass()
    {
        var adapter = Adapt(AdaptationVariant.PromptTune, 2, 3);
        using var model = AdaptedModel.Load(_backbone, adapter, CPU);
        var segmenter = new Segmenter(model.Parts[0], 0.5);
        Assert.Equal([[2], [3]], segmenter.Passes([2, 3], together: false));
        var margins = segmenter.Margins(_subject, Assert.Single(segmenter.Passes([2, 3], together: true)), default);
        Assert.DoesNotContain(true, margins[2].Zip(margins[3], (a, b) => a > 0 && b > 0));
    }

    private static AdaptationOptions Options(AdaptationVariant variant, params int[] classes) =>
        PhantomWorkplace.Adaptation with
        {
            Variant = variant,
            Target = PhantomWorkplace.ClassNames(classes),
            Recipe = PhantomWorkplace.Adaptation.Recipe with { Epochs = 1 },
        };

    private string Adapt(AdaptationVariant variant, params int[] classes) => _workplace.Adapt(Options(variant, classes), _backbone);

    private string Compose(params string[] adapters)
    {
        var folder = _workplace.New().Output;
        AdapterComposition.Write(adapters, folder);
        return folder;
    }
}
