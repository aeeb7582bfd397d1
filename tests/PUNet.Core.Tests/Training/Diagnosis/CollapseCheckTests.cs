using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Inference;
using PUNet.Core.Inference.Results;
using PUNet.Core.Metrics;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Training;
using PUNet.Core.Training.Diagnosis;
using PUNet.Core.Training.Options;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training.Diagnosis;

public sealed class CollapseCheckTests(PhantomWorkplace workplace) : IClassFixture<PhantomWorkplace>
{
    [Theory]
    [InlineData(49, 1000, "predicts (nearly) nothing of spleen on crops of its own training subjects: 4.9 % of its voxels. Try more weight")]
    [InlineData(0, 1000, "predicts nothing of spleen on crops of its own training subjects. Try more weight")]
    [InlineData(20_001, 1000, "predicts far too much as spleen on crops of its own training subjects: 20 times its voxels. Try less weight")]
    [InlineData(50, 1000, null)]
    [InlineData(20_000, 1000, null)]
    [InlineData(5, 0, null)]
    public void A_volume_below_a_twentieth_or_above_twenty_times_of_the_annotated_one_is_told(long predicted, long annotated, string? begin)
    {
        var text = CollapseCheck.Judge("spleen", predicted, annotated, hasFixedLayer: false);
        if (begin is null) Assert.Null(text);
        else Assert.StartsWith(begin, text);
    }

    [Fact]
    public void What_to_try_are_settings_that_the_variant_has()
    {
        var similarity = CollapseCheck.Judge("spleen", 0, 9, hasFixedLayer: false);
        var layer = CollapseCheck.Judge("spleen", 0, 9, hasFixedLayer: true);
        Assert.EndsWith("more steps (epochs, crops_per_epoch), a higher prompt_rate, or another logit_scale.", similarity);
        Assert.EndsWith("more steps (epochs, crops_per_epoch), or a higher body_rate.", layer);
    }

    [Fact]
    public void Half_of_the_crops_hold_the_class_and_they_are_the_same_each_time()
    {
        var crops = Crops(2);
        var labels = crops.Batches(Load).SelectMany(batch => batch).Select(crop => crop.Labels).ToList();
        Assert.Equal(crops.Count, labels.Count);
        Assert.InRange(labels.Count(found => found.Contains((byte)2)), crops.Count / 2, crops.Count);
        Assert.Equal(labels, Crops(2).Batches(Load).SelectMany(batch => batch).Select(crop => crop.Labels));
    }

    [Fact]
    public void Volumes_are_counted_on_the_crops_and_the_network_is_left_as_it_was()
    {
        var (network, card) = ModelFolder.LoadBackbone(Indifferent(), CPU);
        using var _ = network;
        network.Precision = ComputePrecision.Bfloat16;
        var annotated = Crops(1).Batches(Load).SelectMany(batch => batch).Sum(crop => crop.Labels.LongCount(label => label == 1));
        Assert.Equal(new Overlap(annotated, 0, 0), new CropSegmentation(network, card, [1]).Of(1, Crops(1), Load));
        Assert.True(network.training);
        Assert.Equal(ComputePrecision.Bfloat16, network.Precision);
    }

    /// <summary>Class and background have the same tokens, so their maps are equal everywhere, and background wins.</summary>
    [Fact]
    public void A_collapsed_class_is_told_at_once_and_marked_in_every_table()
    {
        var (backbone, folders, said) = (Indifferent(), workplace.New(), new List<StageEvent>());
        var options = PhantomWorkplace.Adaptation with
        {
            InitialTokens = TokenInitialisation.MeanOfBase,
            Recipe = PhantomWorkplace.Adaptation.Recipe with { PromptRate = 1e-30 }, // below the last bit of every token
        };
        Adaptation.Train(options, backbone, workplace.Prepared, "cpu", folders, said.Add, default);
        var warning = Assert.Single(AdapterCard.Read(folders.Output).Warnings);
        Assert.Equal(2, warning.Label);
        Assert.StartsWith("predicts nothing of spleen on crops of its own training subjects.", warning.Text);
        Assert.Equal(new StageEvent.Warning(warning.Text), Assert.Single(said.OfType<StageEvent.Warning>()));
        var composed = workplace.New().Output;
        AdapterComposition.Write([folders.Output], composed);
        foreach (var model in new[] { folders.Output, composed })
        {
            var scores = workplace.Evaluate(new EvaluationOptions { Classes = workplace.Names(2) }, backbone, model);
            Assert.Equal([warning], EvaluationSummary.Read(scores).Warnings);
            var table = workplace.New().Output;
            ResultTable.Write("t", [new("scores", "promptTune", scores)], [], table);
            Assert.Contains($"† spleen, promptTune: {warning.Text}", ResultTable.Read(table)!.Notes);
        }
    }

    private DiagnosticCrops Crops(int label) => new(
        workplace.Prepared[Part.Train], [label], 32, PhantomWorkplace.Pretraining.Network.StudentPatch, new RandomStream(1, "test"));

    private ISubjectVoxels Load(string id) => workplace.Prepared.LoadCompactly(id, workplace.Prepared.Normalisation);

    /// <summary>A backbone whose base classes have the tokens of background.</summary>
    private string Indifferent()
    {
        var (start, folder) = (workplace.New(), workplace.New().Output);
        Pretraining.WriteStart(PhantomWorkplace.Pretraining, workplace.Prepared, start);
        var (network, card) = ModelFolder.LoadBackbone(start.Output, CPU);
        using var _ = network;
        NewClassPrompts.TakeMean(network, card.BaseClasses.ToList(), [0]);
        ModelFolder.SaveBackbone(folder, network, card);
        return folder;
    }
}
