using PUNet.Core.Blocks.Attention;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Imaging;
using PUNet.Core.Models;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Models.Published;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models.Published;

public sealed class CheckpointExportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("punet-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_export_has_every_published_name_and_its_import_gives_the_same_bytes()
    {
        using (var network = SmallNetworks.Network(SmallNetworks.Flat)) ModelFolder.SaveBackbone(Backbone(), network, Card());
        CheckpointExport.Run(Backbone(), Exported);
        var (tensors, metadata) = Safetensors.Open(Exported);
        Assert.Equal("pt", metadata["format"]);
        Assert.Equal([4, 8], tensors["instruction_pool.instruction_tokens.instructions.4"].shape);
        Assert.Equal(
            tensor(new long[] { 3, 4, 5, 6, 2, 3, 4, 5, 1, 2, 3, 4, 0, 1, 2, 3 }, [4, 4]),
            tensors["sia_up_blocks.3.sia.attention_scores.1.relative_distances_w"]);
        CheckpointImport.Run(Exported, Again, new ImportOptions());
        foreach (var file in Directory.EnumerateFiles(Backbone()).Select(path => Path.GetFileName(path)))
            Assert.Equal(File.ReadAllBytes(Path.Combine(Backbone(), file)), File.ReadAllBytes(Path.Combine(Again, file)));
        Assert.Equal(2, Directory.GetFiles(Again).Length);
    }

    [Fact]
    public void The_tables_of_relative_positions_are_those_of_the_published_code()
    {
        var stored = Safetensors.Read(Path.Combine(RepositoryFolders.Fixtures, "architecture", "weights_3d.safetensors"));
        using var file = new PublishedFile();
        file.WriteState(stored.ToDictionary());
        CheckpointImport.Run(file.Checkpoint, file.Output, new ImportOptions());
        CheckpointExport.Run(file.Output, Exported);
        var exported = Safetensors.Read(Exported);
        Assert.Equal(stored.Keys.Order(StringComparer.Ordinal), exported.Keys.Order(StringComparer.Ordinal));
        Assert.All(stored, entry => Assert.Equal(entry.Value, exported[entry.Key]));
    }

    [Fact]
    public void The_least_size_of_a_network_is_never_more_than_it_has()
    {
        foreach (var configuration in new[]
        {
            NetworkPresets.Paper2d, NetworkPresets.Paper3dFlat, SmallNetworks.Flat, SmallNetworks.Flat with { BiasScores = BiasScores.Vit },
            SmallNetworks.Flat with { Placement = PromptPlacement.Start, UniqueTokenBias = false },
            SmallNetworks.Flat with { Placement = PromptPlacement.Decoder, UniquePromptBias = false },
            SmallNetworks.Flat with { FixedOutputChannels = 3, Placement = PromptPlacement.End },
        })
        {
            using var network = SmallNetworks.Network(configuration);
            var has = network.parameters().Sum(parameter => parameter.numel());
            Assert.InRange(NetworkSize.AtLeast(configuration), 0.7 * has, has);
        }
    }

    [Fact]
    public void A_file_that_is_there_stays()
    {
        using (var network = SmallNetworks.Network(SmallNetworks.Flat)) ModelFolder.SaveBackbone(Backbone(), network, Card());
        File.WriteAllText(Exported, "mine");
        Assert.Contains("is there already", Assert.Throws<CheckpointException>(() => CheckpointExport.Run(Backbone(), Exported)).Message);
        Assert.Equal("mine", File.ReadAllText(Exported));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"network\": null}")]
    [InlineData("liver")]
    public void A_header_that_describes_no_model_is_refused(string json)
    {
        Safetensors.Write(Exported, [new("a", ones(1))], new Dictionary<string, string> { ["punet_model"] = json });
        Assert.Contains(
            "does not describe a model in its header",
            Assert.Throws<CheckpointException>(() => CheckpointImport.Run(Exported, Again, new ImportOptions())).Message);
    }

    [Theory]
    [InlineData("\"pool_size\": 5", "\"pool_size\": 2000000000", "pool_size is 2000000000; it must be at most 255")]
    [InlineData("\"heads\": 2", "\"heads\": 4", "its header tells heads 4, but")]
    [InlineData("\"heads\": 2", "\"heads\": 3", "heads (3) must divide channels (8)")]
    public void A_header_that_contradicts_the_tensors_is_refused_before_a_network_is_built(string stated, string instead, string expected)
    {
        using (var network = SmallNetworks.Network(SmallNetworks.Flat)) ModelFolder.SaveBackbone(Backbone(), network, Card());
        CheckpointExport.Run(Backbone(), Exported);
        var (tensors, metadata) = Safetensors.Open(Exported);
        Assert.Contains(stated, metadata["punet_model"]);
        Safetensors.Write(Exported, tensors, new Dictionary<string, string> { ["punet_model"] = metadata["punet_model"].Replace(stated, instead) });
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => CheckpointImport.Run(Exported, Again, new ImportOptions())).Message);
    }

    private string Exported => Path.Combine(_folder, "exported.safetensors");

    private string Again => Path.Combine(_folder, "again");

    private string Backbone() => Directory.CreateDirectory(Path.Combine(_folder, "backbone")).FullName;

    private static ModelCard Card() => new()
    {
        Network = SmallNetworks.Flat,
        Classes = ["liver", "bone"],
        BaseClasses = [1],
        PromptsInBlocks = true,
        Normalisation = Normalisation.Paper,
    };
}
