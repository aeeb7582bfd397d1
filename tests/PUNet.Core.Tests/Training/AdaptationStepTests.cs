using PUNet.Core.Common;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Training;
using PUNet.Core.Training.Options;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training;

/// <summary>What one step of each variant changes, by the table of method.md, section 4.</summary>
public sealed class AdaptationStepTests : IClassFixture<PhantomWorkplace>
{
    /// <summary>AdamW divides by a gradient's size plus this: a larger gradient moves a weight by half of the rate at least.</summary>
    private const float Epsilon = 1e-8f;

    private readonly PhantomWorkplace _workplace;
    private readonly string _backbone;

    public AdaptationStepTests(PhantomWorkplace workplace)
    {
        _workplace = workplace;
        var folders = workplace.New();
        Pretraining.WriteStart(PhantomWorkplace.Pretraining, workplace.Prepared, folders);
        _backbone = folders.Output;
    }

    public static TheoryData<AdaptationVariant, string> Table => new()
    {
        { AdaptationVariant.PromptTune, @"^prompts\..*\.2$|\.prompt_table\.2$|\.prompt_weight$" },
        { AdaptationVariant.FineTune, @"^(?!prompts\.)(?!.*\.prompt_table\.)|^prompts\..*\.2$|\.prompt_table\.2$" },
        { AdaptationVariant.TuneOutput, @"^fixed_head\." },
        { AdaptationVariant.TuneDecoder, @"^fixed_head\.|^decoder\.(?!.*\.prompt_)" },
        { AdaptationVariant.TuneBiases, @"^fixed_head\.|\.bias$|norm[a-z_]*\.(weight|running|num)" },
        { AdaptationVariant.TuneBottlenecks, @"^fixed_head\.|\.adapter_" },
        { AdaptationVariant.TuneNorms, @"^fixed_head\.|norm[a-z_]*\." },
        { AdaptationVariant.TuneLowRank, @"^fixed_head\.|\.low_rank\." },
        { AdaptationVariant.TuneBiasesAndPrompts, @"^prompts\..*\.2$|\.prompt_table\.2$|\.prompt_weight$|\.bias$|norm[a-z_]*\.(weight|running|num)" },
    };

    /// <summary>
    /// Parameters whose exact gradient may be zero, so that rounding alone decides whether a step changes them: what is added to everything
    /// that a normalisation takes the mean of, and scores that all keys of a window share (its depth is 1, and variants with the
    /// fixed layer have no prompts among the keys). The first factor of a low-rank update has none while the second is zero, and queries
    /// and keys of the deepest level, whose map has one position, choose among one key.
    /// </summary>
    private static bool MayHaveNoGradient(string name) =>
        System.Text.RegularExpressions.Regex.IsMatch(name, @"\.bias$|\.depth_|\.low_rank\.down$|^encoder\.4\..*\.(query|key)\.low_rank\.");

    [Fact]
    public void The_table_has_every_variant() =>
        Assert.Equal(Enum.GetValues<AdaptationVariant>(), Table.Select(row => (AdaptationVariant)row[0]).Order());

    [Theory]
    [MemberData(nameof(Table))]
    public void A_step_changes_exactly_the_variants_parameters_and_their_statistics(AdaptationVariant variant, string changes)
    {
        var after = Step(PhantomWorkplace.Adaptation with { Variant = variant });
        Assert.All(after, entry =>
        {
            var belongs = System.Text.RegularExpressions.Regex.IsMatch(entry.Name, changes);
            Assert.True(belongs || !entry.Changed, $"{entry.Name} changed");
            if (entry.Gradient is { } gradient)
                Assert.True(belongs && (gradient > Epsilon || MayHaveNoGradient(entry.Name)), $"{entry.Name} has the gradient {gradient}");
            else Assert.True(!belongs || entry.Name.Contains("running_") || entry.Name.Contains("num_batches"), $"{entry.Name} is not trained");
            Assert.True(entry.Changed || !belongs || entry.Gradient < Epsilon, $"{entry.Name} did not change");
        });
    }

    [Fact]
    public void Statistics_of_a_frozen_backbone_follow_the_training_only_where_they_are_not_frozen()
    {
        var changed = Step(PhantomWorkplace.Adaptation with { FreezeStatistics = false });
        Assert.All(changed.Where(entry => entry.Name.Contains(".running_")), entry => Assert.True(entry.Changed, entry.Name));
    }

    [Fact]
    public void A_frozen_class_is_a_key_and_has_a_map_but_its_prompts_stay()
    {
        var plain = Step(PhantomWorkplace.Adaptation).Where(entry => entry.Changed).Select(entry => entry.Name);
        var beside = Step(PhantomWorkplace.Adaptation with { FrozenClasses = PhantomWorkplace.ClassNames(1) })
            .Where(entry => entry.Changed)
            .Select(entry => entry.Name);
        Assert.Equal(plain, beside);
        Assert.NotEqual(Loss(PhantomWorkplace.Adaptation), Loss(PhantomWorkplace.Adaptation with { FrozenClasses = PhantomWorkplace.ClassNames(1) }));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(0, 0)]
    public void Several_new_classes_train_one_by_one_or_together(int fewest, int most)
    {
        var options = PhantomWorkplace.Adaptation with
        {
            Target = PhantomWorkplace.ClassNames(2, 3),
            ActiveClasses = fewest == 0 ? null : (fewest, most),
            Recipe = PhantomWorkplace.Adaptation.Recipe with { CropsPerEpoch = 32 },
        };
        var changed = Step(options, steps: 8);
        Assert.All(
            changed.Where(entry => entry.Name.StartsWith("prompts.", StringComparison.Ordinal)),
            entry => Assert.Equal(entry.Name[^1] is '2' or '3', entry.Changed));
    }

    [Theory]
    [InlineData(AdaptationVariant.PromptTune, new[] { 1 }, new int[0], false, 0, "was already supervised in the backbone")]
    [InlineData(AdaptationVariant.PromptTune, new[] { 2 }, new[] { 3 }, false, 0, "was not learned by the backbone")]
    [InlineData(AdaptationVariant.TuneDecoder, new[] { 2 }, new[] { 1 }, false, 0, "tuneDecoder predicts by a fixed output layer and uses no "
        + "prompts")]
    [InlineData(AdaptationVariant.TuneOutput, new[] { 2 }, new int[0], true, 0, "uses no prompts")]
    [InlineData(AdaptationVariant.TuneOutput, new[] { 2, 3 }, new int[0], false, 1, "trains all its classes at once")]
    [InlineData(AdaptationVariant.PromptTune, new[] { 2 }, new int[0], false, 2, "from 1 to the number of target classes (1)")]
    public void Options_that_contradict_each_other_are_refused(
        AdaptationVariant variant, int[] classes, int[] frozen, bool mean, int active, string what)
    {
        var options = PhantomWorkplace.Adaptation with
        {
            Variant = variant,
            Target = PhantomWorkplace.ClassNames(classes),
            FrozenClasses = PhantomWorkplace.ClassNames(frozen),
            InitialTokens = mean ? TokenInitialisation.MeanOfBase : TokenInitialisation.Random,
            ActiveClasses = active == 0 ? null : (active, active),
        };
        Assert.Contains(what, Assert.Throws<ConfigurationException>(() => _workplace.Adapt(options, _backbone)).Message);
    }

    [Fact]
    public void More_annotated_subjects_than_there_are_are_refused()
    {
        var error = Assert.Throws<ConfigurationException>(() => _workplace.Adapt(PhantomWorkplace.Adaptation with { Subjects = 3 }, _backbone));
        Assert.Contains("the training part of the dataset has 2", error.Message);
    }

    [Fact]
    public void The_subjects_that_are_drawn_are_told_and_all_of_them_are_as_if_none_were_asked_for()
    {
        var recipe = PhantomWorkplace.Adaptation.Recipe with { Epochs = 1, CropsPerEpoch = 4 };
        var train = _workplace.Prepared[Part.Train].Select(subject => subject.Id).ToList();
        var single = Enumerable.Range(1, 12).Select(seed => Drawn(1, seed)).ToList();
        Assert.All(single, drawn => Assert.Contains(drawn, train.Select(id => $"drawn to learn from: {id}")));
        Assert.Equal(2, single.Distinct().Count()); // of two equally likely ones all twelve seeds take the same by 1 : 2048
        Assert.Equal($"drawn to learn from: {string.Join(", ", train)}", Drawn(2, 1));
        Assert.Equal(Loss(PhantomWorkplace.Adaptation), Loss(PhantomWorkplace.Adaptation with { Subjects = 2 }));

        string Drawn(int count, long seed)
        {
            var said = new List<string>();
            var options = PhantomWorkplace.Adaptation with
            {
                Variant = AdaptationVariant.TuneOutput,
                Subjects = count,
                Recipe = recipe with { Seed = seed },
            };
            Adaptation.Run(options, _backbone, _workplace.Prepared, "cpu", _workplace.New(), Note, default);
            return Assert.Single(said, text => text.StartsWith("drawn", StringComparison.Ordinal));

            void Note(StageEvent happening)
            {
                if (happening is StageEvent.Message message) said.Add(message.Text);
            }
        }
    }

    private double Loss(AdaptationOptions options) => Run(options, 1, (_, task) => task.Step(0, default)["focal"]);

    /// <summary>Every tensor of the state, whether steps changed it, and the largest element of its last gradient where it is trained.</summary>
    private List<After> Step(AdaptationOptions options, int steps = 1) => Run(options, steps, (network, task) =>
    {
        var before = NetworkState.Of(network).ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        for (var step = 0; step < steps; step++) task.Step(step, default);
        var trained = task.Optimiser.Groups.SelectMany(group => group.Parameters.Names).ToHashSet();
        return NetworkState.Of(network).Select(entry => new After(
            entry.Key, !entry.Value.Equals(before[entry.Key]), trained.Contains(entry.Key) ? Largest(entry.Value.grad!) : null)).ToList();
    });

    private static float Largest(Tensor gradient) => gradient.abs().max().item<float>();

    private sealed record After(string Name, bool Changed, float? Gradient);

    private T Run<T>(AdaptationOptions options, int steps, Func<SegmentationNetwork, AdaptationTask, T> work)
    {
        var (network, card) = ModelFolder.LoadBackbone(_backbone, CPU, own => own.AdaptedBy(options.Variant, options.Target.Count));
        using var _ = network;
        using var scope = NewDisposeScope();
        var data = TrainingData.Load(_workplace.Prepared, _workplace.Prepared.Normalisation, []);
        var classes = _workplace.Prepared.LabelsOf(options.Target);
        var trained = ParameterGroups.Trained(network, options.Variant, [.. classes]);
        ParameterGroups.TrainOnly(network, trained);
        using var task = new AdaptationTask(options, (classes, _workplace.Prepared.LabelsOf(options.FrozenClasses)), card, data, network, trained);
        task.Begin(0, steps);
        return work(network, task);
    }
}
