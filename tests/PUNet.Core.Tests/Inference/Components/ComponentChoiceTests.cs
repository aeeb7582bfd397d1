using PUNet.Core.Common;
using PUNet.Core.Imaging;
using PUNet.Core.Inference;
using PUNet.Core.Inference.Components;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Tests.Training;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Inference.Components;

/// <summary>A hardly trained network's masks have many components, so that what is kept of them decides the scores.</summary>
public sealed class ComponentChoiceTests : IClassFixture<PhantomWorkplace>
{
    private static readonly int[] _labels = [1, 2, 3, 4, 5, 6, 7, 8];
    private readonly PhantomWorkplace _workplace;
    private readonly string _backbone;

    public ComponentChoiceTests(PhantomWorkplace workplace)
    {
        _workplace = workplace;
        _backbone = workplace.Pretrain(PhantomWorkplace.Pretraining);
    }

    private EvaluationOptions Options(ComponentRule rule, Part part = Part.Test) =>
        new() { Classes = PhantomWorkplace.ClassNames(1, 4), Components = rule, Part = part };

    [Fact]
    public void Largest_keeps_one_component_of_every_class()
    {
        var (all, largest) = (Predict([]), Predict(_labels));
        foreach (var label in _labels)
            Assert.Equal(LargestComponent.Of(all[label], _workplace.TestSubject().Extent), largest[label]);
        var pieces = _labels.Where(label => !all[label].SequenceEqual(largest[label])).ToList();
        Assert.NotEmpty(pieces);
        Assert.Equal(all[pieces[0]], Predict([.. _labels.Except([pieces[0]])])[pieces[0]]);
    }

    [Fact]
    public void By_validation_keeps_it_of_the_classes_that_gain_there_and_says_so()
    {
        using var model = AdaptedModel.Load(_backbone, null, CPU);
        var chosen = ComponentChoice.Of(Options(ComponentRule.ByValidation), [1, 4], model, _workplace.Prepared, default);
        foreach (var label in new[] { 1, 4 })
        {
            var (all, largest) = (Dice(ComponentRule.All, label), Dice(ComponentRule.Largest, label));
            Assert.Equal(largest > all, chosen.Contains(label));
        }
        var summary = EvaluationSummary.Read(_workplace.Evaluate(Options(ComponentRule.ByValidation), _backbone, null));
        Assert.Equal(chosen.Select(label => _workplace.Prepared.Classes[label - 1]), summary.InOnePiece);
        Assert.All(summary.InOnePiece, name => Assert.Contains(name, summary.ToString()));

        double Dice(ComponentRule rule, int label) => EvaluationSummary.Read(_workplace.Evaluate(Options(rule, Part.Validation), _backbone, null))
            .Classes.Single(score => score.Label == label).MeanDice!.Value;
    }

    [Theory]
    [InlineData(ComponentRule.All, Part.Test, new[] { Part.Test })]
    [InlineData(ComponentRule.Largest, Part.Test, new[] { Part.Test })]
    [InlineData(ComponentRule.ByValidation, Part.Test, new[] { Part.Test, Part.Validation })]
    [InlineData(ComponentRule.ByValidation, Part.Validation, new[] { Part.Validation })]
    public void The_validation_part_is_read_only_where_it_decides_about_another(ComponentRule rule, Part part, Part[] read) =>
        Assert.Equal(read, Options(rule, part).Reads());

    private Dictionary<int, bool[]> Predict(int[] inOnePiece)
    {
        using var model = AdaptedModel.Load(_backbone, null, CPU);
        var masks = new Dictionary<int, bool[]>();
        new ModelSegmentation(model, _labels, Options(ComponentRule.All), inOnePiece)
            .Segment(_workplace.TestSubject(), (label, mask) => masks[label] = mask, default);
        return masks;
    }
}
