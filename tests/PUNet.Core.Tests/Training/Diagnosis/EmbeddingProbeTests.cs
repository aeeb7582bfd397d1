using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Models;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Training;
using PUNet.Core.Training.Diagnosis;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training.Diagnosis;

public sealed class EmbeddingProbeTests : IDisposable
{
    private readonly PhantomWorkplace _workplace = new(absent: "thymus");
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _workplace.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_class_is_probed_on_the_validation_part_and_an_absent_one_is_absent()
    {
        using var network = Network();
        var before = NetworkState.Of(network).ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());
        network.train();
        var figures = Probe(network, Without("test"));
        Assert.Equal((Part.Validation, 64, 64, 8), (figures.Part, figures.FittingCrops, figures.ScoredCrops, figures.Channels));
        Assert.InRange(figures.EffectiveRank, 1, 8);
        Assert.Equal(_workplace.Prepared.Classes, figures.Classes.Select(found => found.Name));
        Assert.Equal([0, 3], figures.Classes.Index().Where(found => found.Item.IsBase).Select(found => found.Index));
        Assert.Null(figures.Classes[^1].Dice);
        Assert.InRange(figures.Classes[0].Dice!.Value, 10, 100); // the liver's grey value alone says something
        Assert.EndsWith("; absent: thymus", figures.ToString());
        Assert.Equal(JsonFile.Text(figures), JsonFile.Text(Probe(network, Without("test"))));
        Assert.True(network.training);
        Assert.All(NetworkState.Of(network), entry => Assert.True(entry.Value.Equals(before[entry.Key]), entry.Key));
    }

    [Fact]
    public void Without_a_validation_part_other_crops_of_the_training_part_are_scored()
    {
        using var network = Network();
        var figures = Probe(network, Without("validation"));
        Assert.Equal(Part.Train, figures.Part);
        Assert.Contains("linear probe (Dice on training crops): liver ", figures.ToString());
    }

    [Fact]
    public void A_pre_training_writes_and_tells_the_figures()
    {
        var (folders, said) = (_workplace.New(), new List<StageEvent>());
        var options = PhantomWorkplace.Pretraining with
        {
            Network = ((Core.Models.Promptable.PromptableUNetConfiguration)PhantomWorkplace.Pretraining.Network) with { PoolSize = 10 },
            Recipe = PhantomWorkplace.Pretraining.Recipe with { Epochs = 1 },
        };
        Pretraining.Run(options, _workplace.Prepared, "cpu", folders, said.Add, default);
        var figures = EmbeddingFigures.Read(folders.Output);
        Assert.Contains(new StageEvent.Message(figures.ToString()), said);
        Assert.StartsWith("embedding: effective rank ", figures.ToString());
    }

    [Fact]
    public void The_figures_are_told_in_one_line()
    {
        var figures = new EmbeddingFigures
        {
            Part = Part.Validation,
            FittingCrops = 64,
            ScoredCrops = 41,
            Channels = 16,
            EffectiveRank = 12.34,
            Classes = [new("liver", true, 81.2), new("left kidney", false, 63.4), new("bladder", false, null)],
        };
        Assert.Equal(
            "embedding: effective rank 12.3 of 16; linear probe (Dice on validation crops): liver 81, left kidney 63; absent: bladder",
            figures.ToString());
        figures.Write(_folder.Path);
        Assert.Equal(JsonFile.Text(figures), JsonFile.Text(EmbeddingFigures.Read(_folder.Path)));
    }

    private static SegmentationNetwork Network() =>
        SegmentationNetwork.Build(PhantomWorkplace.Pretraining.Network, new RandomStream(1, "network"), CPU);

    private static EmbeddingFigures Probe(SegmentationNetwork network, PreparedDataset dataset)
    {
        var data = TrainingData.Load(dataset, dataset.Normalisation, [1, 4]);
        return new EmbeddingProbe(network, dataset, data, new RandomStream(1, "probe")).Figures([1, 4]);
    }

    /// <summary>The dataset where a part has no subject.</summary>
    private PreparedDataset Without(string part)
    {
        var copy = _folder.File(part);
        foreach (var file in Directory.GetFiles(_workplace.Prepared.Folder, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(_workplace.Prepared.Folder, file);
            if (path.StartsWith(part, StringComparison.Ordinal)) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, path))!);
            File.Copy(file, Path.Combine(copy, path), overwrite: true);
        }
        return PreparedDataset.Open(copy, DatasetFacet.TrainingAndValidation);
    }
}
