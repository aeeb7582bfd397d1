using System.Text.Json.Nodes;
using PUNet.Core.Common;
using PUNet.Core.Imaging;
using PUNet.Core.Models;

namespace PUNet.Core.Tests.Models;

public sealed class ModelCardTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whether_the_blocks_see_prompts_is_read_back_and_never_assumed(bool promptsInBlocks)
    {
        using var folder = new TemporaryFolder();
        var model = Directory.CreateDirectory(folder.File("model")).FullName;
        var card = new ModelCard
        {
            Network = SmallNetworks.Flat,
            Classes = ["liver"],
            BaseClasses = [1],
            PromptsInBlocks = promptsInBlocks,
            Normalisation = Normalisation.Paper,
        };
        card.Write(model);
        Assert.Equal(promptsInBlocks, ModelCard.Read(model).PromptsInBlocks);
        var path = Path.Combine(model, "model.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        Assert.True(json.Remove("prompts_in_blocks"));
        File.WriteAllText(path, json.ToJsonString());
        Assert.Contains("prompts_in_blocks", Assert.Throws<CheckpointException>(() => ModelCard.Read(model)).Message);
    }
}
