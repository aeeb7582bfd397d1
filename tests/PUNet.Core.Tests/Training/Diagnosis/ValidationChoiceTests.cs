using PUNet.Core.Common;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Training;
using PUNet.Core.Training.Diagnosis;
using PUNet.Core.Training.Optimisation;
using PUNet.Core.Training.Options;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training.Diagnosis;

public sealed class ValidationChoiceTests(PhantomWorkplace workplace) : IClassFixture<PhantomWorkplace>
{
    [Fact]
    public void What_predicts_best_is_kept_with_its_statistics_whatever_comes_after()
    {
        using var scope = NewDisposeScope();
        var (network, card) = ModelFolder.LoadBackbone(Start(), CPU);
        using var _ = network;
        var trained = ParameterGroups.Trained(network, AdaptationVariant.PromptTune, [1], ownBackground: true);
        ParameterGroups.TrainOnly(network, trained);
        using var groups = new OptimiserGroups(new TrainingRecipe(), trained);
        using var choice = Choice(network, card, groups.Optimiser);
        var state = NetworkState.Of(network);
        var (own, background) = (state["prompts.similarity.1"], state["prompts.similarity.0"]);
        var mean = state.First(item => item.Key.EndsWith("running_mean")).Value;
        void Hold(Tensor first, Tensor second, float statistics, int epoch)
        {
            using (no_grad())
            {
                own.copy_(first);
                background.copy_(second);
                mean.fill_(statistics);
            }
            choice.Consider(epoch);
        }
        var one = own.clone();
        var nothing = zeros_like(own);
        Hold(nothing, nothing, 0, 1); // a tie of class and background: no voxel is predicted
        Assert.Contains("epoch 1 (Dice 0.0 %", choice.Summary);
        Hold(one, one * -1, 0.25f, 2); // every second direction is the class: some voxels are found
        var (kept, keptMean) = (own.clone(), mean.clone());
        Assert.Contains("epoch 2", choice.Summary);
        Hold(nothing, nothing, 0.5f, 3);
        choice.Adopt();
        Assert.True(own.Equals(kept) && mean.Equals(keptMean));
        Assert.Contains("epoch 2", choice.Summary);
    }

    [Fact]
    public void A_tuning_tells_its_best_epoch_and_reads_the_validation_part_for_it()
    {
        var said = new List<string>();
        var options = PhantomWorkplace.Adaptation with { BestOfValidation = true };
        Adaptation.Run(options, Start(), workplace.Prepared, "cpu", workplace.New(), Listen, default);
        Assert.Contains(said, text => text.StartsWith("best of validation: epoch "));
        Assert.Equal([Part.Train, Part.Validation], options.Reads());
        Assert.Equal([Part.Train], PhantomWorkplace.Adaptation.Reads());

        void Listen(StageEvent happening)
        {
            if (happening is StageEvent.Message message) said.Add(message.Text);
        }
    }

    [Fact]
    public void Without_validation_subjects_it_is_refused()
    {
        using var scope = NewDisposeScope();
        var (network, card) = ModelFolder.LoadBackbone(Start(), CPU);
        using var _ = network;
        using var groups = new OptimiserGroups(new TrainingRecipe(), ParameterGroups.Trained(network, AdaptationVariant.PromptTune, [1]));
        var error = Assert.Throws<ConfigurationException>(() => Choice(network, card, groups.Optimiser, []));
        Assert.Contains("the validation part is empty", error.Message);
    }

    private string Start()
    {
        var folders = workplace.New();
        Pretraining.WriteStart(PhantomWorkplace.Pretraining, workplace.Prepared, folders);
        return folders.Output;
    }

    private ValidationChoice Choice(
        SegmentationNetwork network, ModelCard card, FlatAdamW optimiser, IReadOnlyList<PreparedSubject>? subjects = null) => new(
        network, card, [1], subjects ?? workplace.Prepared[Part.Validation],
        id => workplace.Prepared.LoadCompactly(id, card.Normalisation), optimiser, new RandomStream(1, "choice"));
}
