using PUNet.Core.Common;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Models.Published;
using PUNet.Core.Tests.Common.Pickle;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models.Published;

/// <summary>What is not imported, and what is said about it.</summary>
public sealed class CheckpointImportRefusalTests : CheckpointImportCase
{
    [Theory]
    [InlineData("tokens_per_instruction", 16, "the hyper-parameter tokens_per_instruction is 16, "
        + "but 'instruction_pool.instruction_tokens.instructions.0' has shape [4, 8], so 4")]
    [InlineData("attention_heads", 8, "the hyper-parameter attention_heads is 8, "
        + "but 'sia_res_blocks.0.sia.attention_scores.0.weights_content_h' has shape [4, 32], so 4")]
    [InlineData("instruction_pool_size", 10, "the hyper-parameter instruction_pool_size is 10, but the file has 6 tensors 'instruction_pool.")]
    [InlineData("prompting_variant", "end", "the hyper-parameter prompting_variant is 'end', but the file has the prompt pools of placement 'full'")]
    [InlineData("fixed_output", true, "the hyper-parameter fixed_output is True, but the file has no 'conv_fixed'")]
    [InlineData("bias_vit", true, "the hyper-parameter bias_vit is True, but the file has no 'vit_pos_bias_content'")]
    [InlineData("architecture", "unetr", "holds the baseline 'unetr'")]
    [InlineData("depth_sia_encoder", 4, "has depth_sia_encoder 4; only 5 is built")]
    [InlineData("soft_selection_sigma", 0.2, "has soft_selection_sigma 0.2; only 0.1 is built")]
    [InlineData("attention_heads", "eight", "attention_heads is 'eight', where a whole number is expected")]
    public void A_hyper_parameter_that_contradicts_the_file_is_told_with_both(string name, object value, string expected)
    {
        _given[name] = value;
        _file.Write(_weights, null, _given);
        Assert.Contains(expected, Failure());
    }

    [Fact]
    public void Patches_and_windows_that_contradict_the_file_are_told_with_both()
    {
        _given["patch_size_students"] = new List<object?> { new object?[] { 64, 64, 8 }, new object?[] { 48, 48, 8 } };
        _given["patch_size_teacher"] = new List<object?> { 80, 80, 8 };
        _file.Write(_weights, null, _given);
        Assert.Contains(
            "contradicts a student's patch of 64×64×8: level 0 then has a kernel of 3 in depth, "
            + "but 'sia_res_blocks.0.conv.conv.weight' has shape [8, 8, 3, 3, 1], so 1",
            Failure());
        _given["attn_window_size"] = new List<object?> { 6, 6, 1 };
        _file.Write(_weights, null, _given);
        Assert.Contains(
            "attn_window_size is [6, 6, 1], but 'sia_res_blocks.0.sia.attention_scores.0.encoding_content_{h,w,d}' have 15, 15, 1 rows, so 8×8×1",
            Failure());
        Assert.Contains("--placement is start, but", Failure(new ImportOptions { Placement = PromptPlacement.Start }, "attn_window_size"));
    }

    [Fact]
    public void Missing_and_unknown_tensors_are_listed()
    {
        var weights = new Dictionary<string, Tensor>(
            _weights)
        { ["loss.centre"] = ones(3), ["instruction_pool.instruction_tokens.instructions_norm.weight"] = ones(8) };
        weights.Remove("sia_up_blocks.0.norm_concat.bias");
        _file.Write(weights, null, _given);
        var message = Failure();
        Assert.Contains("lacks tensor 'sia_up_blocks.0.norm_concat.bias'.", message);
        Assert.Contains("has the unknown 2 tensors 'instruction_pool.instruction_tokens.instructions_norm.weight', 'loss.centre'.", message);
    }

    [Theory]
    [InlineData("sia_res_blocks.4.conv.conv.weight", new long[] { 4_000_000, 1, 1, 1, 1 })]
    [InlineData("sia_res_blocks.0.sia.attention_scores.0.encoding_content_h", new long[] { 400_001, 1 })]
    [InlineData("instruction_pool.instruction_tokens.instructions.0", new long[] { 400_000, 1 })]
    public void A_file_cannot_ask_for_a_larger_network_than_it_holds(string name, long[] shape)
    {
        _weights[name] = zeros(shape);
        _file.WriteState(_weights);
        Assert.Contains("describes a network that cannot be built: ", Failure());
    }

    [Fact]
    public void A_misshapen_tensor_is_told_with_both_shapes()
    {
        _weights["sia_res_blocks.2.sia.msa_blocks.1.mlp.weight"] = ones(3, 3);
        _file.Write(_weights, null, _given);
        Assert.Contains("'sia_res_blocks.2.sia.msa_blocks.1.mlp.weight' has shape [3, 3], this network needs [16, 16]", Failure());
    }

    [Fact]
    public void A_file_that_would_run_something_is_refused()
    {
        TorchFile.Write(
            _file.Checkpoint, new PickleWriter().Raw('}').Text("state_dict").Global("os", "system").Text("touch owned").Raw(0x85, 'R', 's'));
        Assert.Contains("the file asks for os.system", Failure());
    }

    [Fact]
    public void What_is_no_checkpoint_is_refused_with_what_to_do()
    {
        File.WriteAllBytes(_file.Checkpoint, [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.']);
        Assert.Contains("before 1.6. Save it again with a newer one: torch.save(torch.load(", Failure());
        File.WriteAllText(_file.Checkpoint, "not a checkpoint at all");
        Assert.Contains("is no checkpoint: neither", Failure());
        TorchFile.Write(_file.Checkpoint, new PickleWriter().Value(new Dictionary<string, object?> { ["epoch"] = 3 }));
        Assert.Contains("holds no weights", Failure());
        _file.WriteState(new Dictionary<string, Tensor> { ["conv.weight"] = ones(2, 2) });
        Assert.Contains("holds no prompt-able UNet", Failure());
        File.Delete(_file.Checkpoint);
        Assert.Contains("There is no file", Failure());
    }

    [Fact]
    public void An_existing_folder_stays_as_it_is()
    {
        Import();
        var before = File.GetLastWriteTimeUtc(Path.Combine(_file.Output, "model.json"));
        Assert.Contains("is there already", Assert.Throws<CheckpointException>(Import).Message);
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(_file.Output, "model.json")));
    }

    [Fact]
    public void Any_damage_of_what_a_checkpoint_tells_is_harmless_or_one_clear_refusal()
    {
        _file.Write(_weights, null, _given);
        var sound = File.ReadAllBytes(_file.Checkpoint);
        var start = sound.AsSpan().IndexOf("hyper_parameters"u8);
        var random = new Random(11);
        for (var round = 0; round < 40; round++)
        {
            var bytes = (byte[])sound.Clone();
            var (from, to) = round % 2 == 0 ? (start, start + 1500) : (60, start); // hyper-parameters, or names and shapes
            bytes[random.Next(from, to)] = round % 3 == 0 ? (byte)random.Next(256) : (byte)(bytes[random.Next(from, to)] + 1);
            File.WriteAllBytes(_file.Checkpoint, bytes);
            try
            {
                CheckpointImport.Run(_file.Checkpoint, _file.Output, new ImportOptions());
                Directory.Delete(_file.Output, recursive: true);
            }
            catch (CheckpointException)
            {
                Assert.Empty(_file.Beside);
            }
        }
    }
}
