using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Training;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training;

public sealed class TrainingCheckpointTests(PhantomWorkplace workplace) : IClassFixture<PhantomWorkplace>, IDisposable
{
    private const string Latest = "checkpoint.safetensors";
    private const string Former = "checkpoint.former.safetensors";
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Damages => new("truncated", "empty", "flipped", "text", "without a checksum", "of another training");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_checkpoint_is_set_aside_and_the_one_before_it_serves(string damage)
    {
        var said = new List<string>();
        var (state, progress) = (State(1), new TrainingProgress { Step = 7, OptimiserSteps = 6, Log = ["a line"] });
        TrainingCheckpoint.Save(_folder.Path, state, progress);
        TrainingCheckpoint.Save(_folder.Path, State(2), progress with { Step = 8 });
        Damage(_folder.File(Latest), damage);
        var restored = State(0);
        var found = TrainingCheckpoint.Restore(_folder.Path, restored, happening => said.Add(((StageEvent.Message)happening).Text));
        Assert.Equal((7L, 6L, "a line"), (found!.Step, found.OptimiserSteps, Assert.Single(found.Log)));
        Assert.All(restored, entry => Assert.True(entry.Value.Equals(state[entry.Key]), entry.Key));
        Assert.Contains($"It is set aside as {Latest}.aside", Assert.Single(said));
        Assert.False(File.Exists(_folder.File(Latest)));
    }

    [Fact]
    public void With_nothing_sound_left_the_training_begins_anew_and_the_state_is_untouched()
    {
        TrainingCheckpoint.Save(_folder.Path, State(1), new TrainingProgress { Step = 7 });
        TrainingCheckpoint.Save(_folder.Path, State(2), new TrainingProgress { Step = 8 });
        Damage(_folder.File(Latest), "truncated");
        Damage(_folder.File(Former), "flipped");
        var (said, state) = (0, State(0));
        Assert.Null(TrainingCheckpoint.Restore(_folder.Path, state, _ => said++));
        Assert.Equal(2, said);
        Assert.All(state, entry => Assert.True(entry.Value.Equals(State(0)[entry.Key]), entry.Key));
        Assert.Null(TrainingCheckpoint.Restore(_folder.Path, state, _ => said++));
        Assert.Equal(2, said);
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_noticed_or_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var (path, state) = (_folder.File(Latest), State(1));
        TrainingCheckpoint.Save(_folder.Path, state, new TrainingProgress { Step = 7, Log = ["a line"] });
        var (sound, noticed) = (File.ReadAllBytes(path), 0);
        for (var i = 0; i < sound.Length; i++)
        {
            var flipped = (byte[])sound.Clone();
            flipped[i] ^= (byte)(1 << i % 8);
            File.WriteAllBytes(path, flipped);
            var restored = State(0);
            if (TrainingCheckpoint.Restore(_folder.Path, restored, _ => noticed++) is not { } found) continue;
            Assert.Equal((7L, "a line"), (found.Step, Assert.Single(found.Log)));
            Assert.All(restored, entry => Assert.True(entry.Value.Equals(state[entry.Key]), $"byte {i}: {entry.Key}"));
        }
        Assert.InRange(noticed, sound.Length - 8, sound.Length); // all but the blanks that fill the header
    }

    [Fact]
    public void A_training_with_damaged_checkpoints_ends_with_the_bytes_of_an_undisturbed_one()
    {
        var whole = workplace.Pretrain(PhantomWorkplace.Pretraining);
        foreach (var damaged in new string[][] { [Latest], [Latest, Former] })
        {
            var folders = workplace.New();
            workplace.Interrupt(PhantomWorkplace.Pretraining, folders, 4);
            foreach (var name in damaged) Damage(Path.Combine(folders.Work, name), "truncated");
            Pretraining.Run(PhantomWorkplace.Pretraining, workplace.Prepared, "cpu", folders, _ => { }, default);
            Assert.Equal(Backbone(whole), Backbone(folders.Output));
        }
    }

    private static byte[] Backbone(string folder) => File.ReadAllBytes(Path.Combine(folder, "backbone.safetensors"));

    private static void Damage(string path, string damage)
    {
        var bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "truncated": File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]); break;
            case "empty": File.WriteAllBytes(path, []); break;
            case "flipped": bytes[^3] ^= 4; File.WriteAllBytes(path, bytes); break;
            case "text": File.WriteAllText(path, "no tensors at all"); break;
            case "without a checksum": Safetensors.Write(path, State(3), new Dictionary<string, string> { ["progress"] = "{}" }); break;
            default:
                var other = Path.Combine(Path.GetDirectoryName(path)!, "other");
                TrainingCheckpoint.Save(other, new Dictionary<string, Tensor>(State(3)) { ["weight"] = ones(2, 6) }, new TrainingProgress());
                File.Copy(Path.Combine(other, Latest), path, overwrite: true);
                break;
        }
    }

    private static Dictionary<string, Tensor> State(int value) =>
        new() { ["weight"] = full([3, 4], value), ["count"] = tensor((long)value), ["none"] = zeros(0) };
}
