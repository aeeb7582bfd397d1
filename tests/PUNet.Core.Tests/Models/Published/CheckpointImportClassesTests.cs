using PUNet.Core.Data.Layouts;
using PUNet.Core.Models.Published;

namespace PUNet.Core.Tests.Models.Published;

/// <summary>Which classes an imported model knows, and how it was trained on them.</summary>
public sealed class CheckpointImportClassesTests : CheckpointImportCase
{
    [Fact]
    public void Training_without_prompts_in_the_blocks_is_known_to_the_card_before_and_after_an_adaptation()
    {
        _given["noninstructed_attention"] = true;
        Assert.False(Imported().PromptsInBlocks);
        _given["downstream"] = true;
        Assert.True(Imported().PromptsInBlocks);
        _given["noninstructed_attention_downstream"] = true;
        Assert.False(Imported().PromptsInBlocks);
    }

    [Fact]
    public void Classes_that_an_adaptation_added_are_classes_it_knows()
    {
        _given["dataset"] = "ctorg";
        _given["label_indices_base"] = new List<object?> { 1, 2 };
        _given["label_indices_downstream_active"] = new List<object?> { 4 };
        Assert.Equal([1, 2], Imported().BaseClasses);
        _given["downstream"] = true;
        Assert.Equal([1, 2, 4], Imported().BaseClasses);
    }

    [Fact]
    public void The_names_of_published_classes_are_those_of_the_datasets()
    {
        Assert.Equal(new CtOrg().Classes.OrderBy(entry => entry.Key).Select(entry => entry.Value), PublishedDatasets.Classes("ctorg"));
        Assert.Equal(new Btcv().Classes.OrderBy(entry => entry.Key).Select(entry => entry.Value), PublishedDatasets.Classes("TCIA_BTCV"));
    }

    [Theory]
    [InlineData("liver,bladder,lungs,kidneys,bone,brain", null, "has prompts for 5 foreground classes; 6 are named")]
    [InlineData("liver,bladder", null, "was trained on class 4; only 2 classes are named")]
    [InlineData("liver,bladder,lungs,kidneys", "spleen", "has no class 'spleen'; its classes are liver, bladder, lungs, kidneys")]
    public void Classes_that_do_not_fit_are_refused(string classes, string? trained, string expected)
    {
        _given["label_indices_base"] = new List<object?> { 4 };
        _file.Write(_weights, null, _given);
        Assert.Contains(expected, Failure(new ImportOptions { Classes = classes.Split(','), BaseClasses = trained?.Split(',') }));
    }
}
