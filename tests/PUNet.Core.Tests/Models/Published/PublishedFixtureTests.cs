using PUNet.Core.Models;
using PUNet.Core.Models.Published;
using PUNet.Core.Tests.Fixtures;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models.Published;

/// <summary>Checkpoints of every kind of published network, whose stored predictions an imported backbone must give.</summary>
public sealed class PublishedFixtureTests
{
    public static TheoryData<string> Cases() =>
        [.. Directory.EnumerateFiles(Path.Combine(RepositoryFolders.Fixtures, "architecture"), "ref_*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_imported_checkpoint_predicts_what_the_published_code_did(string name)
    {
        using var file = new PublishedFile();
        var fixture = new FixtureCase(Path.Combine(RepositoryFolders.Fixtures, "architecture", name + ".json"));
        var (weights, hyperParameters) = PublishedFile.Fixture(name);
        var state = weights.Where(item => Has(item.Key, hyperParameters)).ToDictionary();
        file.Write(state, null, hyperParameters);
        var report = CheckpointImport.Run(file.Checkpoint, file.Output, new ImportOptions());
        var (network, card) = ModelFolder.LoadBackbone(file.Output, CPU);
        using var owned = network;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        network.train(fixture.Json.GetProperty("mode").GetString() == "train");
        var promptsInBlocks = card.PromptsInBlocks && !fixture.Json.GetProperty("self_supervised_only").GetBoolean();
        var output = network.forward(fixture.Input("image"), fixture.ActiveClasses(), promptsInBlocks);
        fixture.Expect("output.embedding", output.Embedding);
        fixture.Expect("output.logits", output.Logits);
        fixture.Conclude();
        Assert.Equal(state.Count, report.Tensors + report.LeftOut.Count);
    }

    /// <summary>The stored weights are those of every part; a network has the pools of its placement only, and none with a fixed output.</summary>
    private static bool Has(string name, Dictionary<string, object?> given)
    {
        var (isFixed, placement) = ((bool)given["fixed_output"]!, (string)given["prompting_variant"]!);
        if (name.StartsWith("instruction_pool.", StringComparison.Ordinal)) return !isFixed;
        if (name.StartsWith("sia_up_instruction_blocks", StringComparison.Ordinal)) return !isFixed && placement is "full" or "decoder";
        if (!name.StartsWith("sia_res_instruction_blocks_v2.", StringComparison.Ordinal)) return true;
        var first = name["sia_res_instruction_blocks_v2.".Length..].Split('.')[0] is "0" or "1";
        return !isFixed && (placement is "full" or "encoder" || (placement == "start" && first));
    }
}
