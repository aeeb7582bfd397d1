using System.Security.Cryptography;
using PUNet.Core.Common;
using PUNet.Core.Training;
using PUNet.Core.Training.Options;
using PUNet.Core.Training.Optimisation;

namespace PUNet.Core.Tests.Training;

/// <summary>Trainings that an infinite rate drives out of the finite numbers with their first step.</summary>
public sealed class DivergenceTests(PhantomWorkplace workplace) : IClassFixture<PhantomWorkplace>
{
    private static readonly PretrainingOptions _sound = PhantomWorkplace.Pretraining; // three steps an epoch
    private static readonly PretrainingOptions _diverging = _sound with { Recipe = _sound.Recipe with { BodyRate = double.PositiveInfinity } };

    [Fact]
    public void A_training_whose_loss_is_not_finite_stops_at_that_step_and_says_which()
    {
        var folders = workplace.New();
        var divergence = Assert.Throws<DivergenceException>(() => Run(_diverging, folders));
        Assert.StartsWith("The training stopped in step 2 of epoch 1 (of 2): its loss is not finite (focal NaN", divergence.Message);
        Assert.EndsWith("There is no checkpoint yet.", divergence.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folders.Output));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folders.Work));
    }

    [Fact]
    public void The_last_good_checkpoint_stays_and_a_training_goes_on_from_it()
    {
        var whole = workplace.Pretrain(_sound);
        var folders = workplace.New();
        workplace.Interrupt(_sound, folders, 4);
        var before = Files(folders.Work);
        var divergence = Assert.Throws<DivergenceException>(() => Run(_diverging, folders));
        Assert.StartsWith("The training stopped in step 3 of epoch 2 (of 2)", divergence.Message);
        Assert.EndsWith("The checkpoint after step 4 of 6 stays.", divergence.Message);
        Assert.Equal(before, Files(folders.Work));
        Run(_sound, folders);
        Assert.Equal(Backbone(whole), Backbone(folders.Output));
    }

    [Theory]
    [InlineData(2)] // at the checkpoint of the first epoch
    [InlineData(1)] // at the end, where no further loss would tell
    public void Weights_that_are_not_finite_are_neither_kept_nor_a_result(int epochs)
    {
        var folders = workplace.New();
        var options = _diverging with { Recipe = _diverging.Recipe with { Epochs = epochs, CropsPerEpoch = _sound.Recipe.BatchSize } };
        var divergence = Assert.Throws<DivergenceException>(() => Run(options, folders));
        Assert.StartsWith($"The training stopped in step 1 of epoch 1 (of {epochs})", divergence.Message);
        Assert.Contains("first, are not finite. Try smaller rates", divergence.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folders.Output));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folders.Work));
    }

    [Fact]
    public void An_adaptation_stops_likewise()
    {
        var backbone = workplace.New();
        Pretraining.WriteStart(_sound, workplace.Prepared, backbone);
        var options = PhantomWorkplace.Adaptation with { Recipe = PhantomWorkplace.Adaptation.Recipe with { PromptRate = double.PositiveInfinity } };
        var divergence = Assert.Throws<DivergenceException>(() =>
            Adaptation.Train(options, backbone.Output, workplace.Prepared, "cpu", workplace.New(), _ => { }, default));
        Assert.StartsWith("The training stopped in step 2 of epoch 1 (of 2): its loss is not finite (focal NaN)", divergence.Message);
    }

    private void Run(PretrainingOptions options, StageFolders folders) =>
        Pretraining.Train(options, workplace.Prepared, "cpu", folders, _ => { }, default);

    private static byte[] Backbone(string folder) => File.ReadAllBytes(Path.Combine(folder, "backbone.safetensors"));

    private static List<(string, string)> Files(string folder) =>
        [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)
            .Select(path => (path, Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))))];
}
