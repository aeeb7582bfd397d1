using System.Text.Json;
using PUNet.Core.Blocks;
using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Imaging;
using PUNet.Core.Models;
using PUNet.Core.Models.Published;
using PUNet.Core.Tests.Common.Pickle;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models.Published;

public sealed class CheckpointImportTests : IDisposable
{
    private const string Case = "ref_2d_binary_eval";

    private readonly PublishedFile _file = new();
    private readonly Dictionary<string, Tensor> _weights;
    private readonly Dictionary<string, object?> _given;

    public CheckpointImportTests() => (_weights, _given) = PublishedFile.Fixture(Case);

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Every_tensor_of_the_student_arrives_as_it_was()
    {
        var report = Import();
        var written = Safetensors.Read(Path.Combine(_file.Output, "backbone.safetensors"));
        Assert.Equal(report.Tensors, written.Count);
        Assert.All(written, entry => Assert.Equal(_weights[PublishedNames.Of(entry.Key)], entry.Value));
        Assert.All(report.LeftOut, name => Assert.Contains("relative_distances", name));
    }

    [Fact]
    public void The_hyper_parameters_are_the_configuration()
    {
        _given["dataset"] = "ctorg";
        _given["label_indices_base"] = new List<object?> { 1, 2, 4 };
        var report = Import();
        var card = ModelCard.Read(_file.Output);
        Assert.Equal(JsonSerializer.Serialize(report.Card), JsonSerializer.Serialize(card));
        var network = Assert.IsType<PromptableUNetConfiguration>(card.Network);
        Assert.Equal(
            JsonSerializer.Serialize(new PromptableUNetConfiguration
            {
                PoolSize = 6,
                TokensPerClass = 4,
                Channels = [8, 12, 16, 24, 32],
                Heads = 4,
                StudentPatch = new Extent(64, 64, 1),
                SecondStudentPatch = new Extent(48, 48, 1),
                TeacherPatch = new Extent(80, 80, 1),
                Semantics = AttentionSemantics.Reference,
            }),
            JsonSerializer.Serialize(network));
        Assert.Equal(["liver", "bladder", "lungs", "kidneys", "bone"], card.Classes);
        Assert.Equal([1, 2, 4], card.BaseClasses);
        Assert.True(card.PromptedBlocks);
        Assert.Equal(["Images are assumed to be CT, clipped to [−1000, 1000] HU as the paper does."], report.Assumptions);
    }

    [Fact]
    public void The_teacher_is_imported_where_it_is_asked_for()
    {
        _file.Write(_weights, null, _given);
        Assert.Contains("has no teacher", Failure(new ImportOptions { Teacher = true }));
        var teacher = new Dictionary<string, Tensor>(_weights) { ["encoding_res_blocks.0.norm1.bias"] = full([8], 0.5f) };
        _file.Write(_weights, teacher, _given);
        CheckpointImport.Run(_file.Checkpoint, _file.Output, new ImportOptions { Teacher = true });
        Assert.Equal(full([8], 0.5f), Safetensors.Read(Path.Combine(_file.Output, "backbone.safetensors"))["stem.norm_first.bias"]);
    }

    [Fact]
    public void A_plain_state_tells_its_sizes_by_its_shapes_and_the_rest_is_assumed_aloud()
    {
        _file.WriteState(_weights);
        var report = CheckpointImport.Run(_file.Checkpoint, _file.Output, new ImportOptions());
        var network = (PromptableUNetConfiguration)report.Card.Network;
        Assert.Equal((6, 4, 4, new Extent(8, 8, 1)), (network.PoolSize, network.TokensPerClass, network.Heads, network.Window));
        Assert.Equal(new Extent(224, 224, 1), network.StudentPatch);
        Assert.Equal(["class 1", "class 2", "class 3", "class 4", "class 5"], report.Card.Classes);
        Assert.Contains(report.Assumptions, text => text.Contains("first student's patch; 224×224×1 is assumed"));
        Assert.Contains(report.Assumptions, text => text.Contains("which classes it was trained on"));
    }

    [Fact]
    public void What_a_person_says_is_taken()
    {
        _file.WriteState(_weights);
        var card = CheckpointImport.Run(_file.Checkpoint, _file.Output, new ImportOptions
        {
            StudentPatch = new Extent(64, 64, 1),
            SecondStudentPatch = new Extent(48, 48, 1),
            TeacherPatch = new Extent(80, 80, 1),
            Placement = PromptPlacement.Full,
            Classes = ["liver", "bladder", "bone"],
            BaseClasses = ["bone", "1"],
            Window = (-200, 300),
        }).Card;
        Assert.Equal(new Extent(48, 48, 1), card.Network.SecondStudentPatch);
        Assert.Equal(["liver", "bladder", "bone"], card.Classes);
        Assert.Equal([1, 3], card.BaseClasses);
        Assert.Equal(new Normalisation.Window(-200, 300), card.Normalisation);
    }

    [Fact]
    public void Weights_of_half_precision_become_float32_of_the_same_values()
    {
        _file.WriteState(_weights.ToDictionary(entry => entry.Key, entry => entry.Value.is_floating_point() ? entry.Value.to(ScalarType.Float16) : entry.Value));
        CheckpointImport.Run(_file.Checkpoint, _file.Output, new ImportOptions());
        const string ours = "stem.conv_first.weight";
        Assert.Equal(_weights[PublishedNames.Of(ours)].to(ScalarType.Float16).to(ScalarType.Float32), Safetensors.Read(Path.Combine(_file.Output, "backbone.safetensors"))[ours]);
    }

    [Theory]
    [InlineData("tokens_per_instruction", 16, "the hyper-parameter tokens_per_instruction is 16, but 'instruction_pool.instruction_tokens.instructions.0' has shape [4, 8], so 4")]
    [InlineData("attention_heads", 8, "the hyper-parameter attention_heads is 8, but 'sia_res_blocks.0.sia.attention_scores.0.weights_content_h' has shape [4, 32], so 4")]
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
        Assert.Contains("contradicts a student's patch of 64×64×8: level 0 then has a kernel of 3 in depth, but 'sia_res_blocks.0.conv.conv.weight' has shape [8, 8, 3, 3, 1], so 1", Failure());
        _given["attn_window_size"] = new List<object?> { 6, 6, 1 };
        _file.Write(_weights, null, _given);
        Assert.Contains("attn_window_size is [6, 6, 1], but 'sia_res_blocks.0.sia.attention_scores.0.encoding_content_{h,w,d}' have 15, 15, 1 rows, so 8×8×1", Failure());
        Assert.Contains("--placement is start, but", Failure(new ImportOptions { Placement = PromptPlacement.Start }, "attn_window_size"));
    }

    [Fact]
    public void Missing_and_unknown_tensors_are_listed()
    {
        var weights = new Dictionary<string, Tensor>(_weights) { ["loss.centre"] = ones(3), ["instruction_pool.instruction_tokens.instructions_norm.weight"] = ones(8) };
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
        Assert.Contains("fewer than the network that it describes has", Failure());
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
        TorchFile.Write(_file.Checkpoint, new PickleWriter().Raw('}').Text("state_dict").Global("os", "system").Text("touch owned").Raw(0x85, 'R', 's'));
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
    public void Hyper_parameters_may_be_an_object_of_named_values()
    {
        TorchFile.Write(_file.Checkpoint, new PickleWriter().Raw('}', '(')
            .Text("state_dict").Ordered(_weights.Select(item => KeyValuePair.Create(item.Key, (object?)item.Value)))
            .Text("hyper_parameters").Global("argparse", "Namespace").Raw(')', 0x81).Value(_given).Raw('b', 'u'));
        var report = CheckpointImport.Run(_file.Checkpoint, _file.Output, new ImportOptions());
        Assert.Equal(new Extent(64, 64, 1), report.Card.Network.StudentPatch);
        Assert.DoesNotContain(report.Assumptions, text => text.Contains("patch"));
    }

    [Fact]
    public void Training_without_prompts_in_the_blocks_is_known_to_the_card_before_and_after_an_adaptation()
    {
        _given["noninstructed_attention"] = true;
        Assert.False(Imported().PromptedBlocks);
        _given["downstream"] = true;
        Assert.True(Imported().PromptedBlocks);
        _given["noninstructed_attention_downstream"] = true;
        Assert.False(Imported().PromptedBlocks);
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
        Assert.Equal(CtOrg.Classes.OrderBy(entry => entry.Key).Select(entry => entry.Value), PublishedDatasets.Classes("ctorg"));
        Assert.Equal(Btcv.Classes.OrderBy(entry => entry.Key).Select(entry => entry.Value), PublishedDatasets.Classes("TCIA_BTCV"));
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

    [Fact]
    public void The_depth_of_patches_follows_from_the_kernels_where_the_file_does_not_tell_it()
    {
        _file.WriteState(Safetensors.Read(Path.Combine(RepositoryFolders.Fixtures, "architecture", "weights_3d.safetensors")).ToDictionary());
        var network = CheckpointImport.Run(_file.Checkpoint, _file.Output, new ImportOptions()).Card.Network;
        Assert.Equal(NetworkPresets.Paper3dAniso.StudentPatch, network.StudentPatch);
        Assert.Equal(NetworkPresets.Paper3dAniso.TeacherPatch, network.TeacherPatch);
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

    private ModelCard Imported()
    {
        if (Directory.Exists(_file.Output)) Directory.Delete(_file.Output, recursive: true);
        return Import().Card;
    }

    private ImportReport Import()
    {
        _file.Write(_weights, _weights, _given);
        return CheckpointImport.Run(_file.Checkpoint, _file.Output, new ImportOptions());
    }

    /// <summary>The message of the refusal, after which nothing lies beside the checkpoint.</summary>
    private string Failure(ImportOptions? options = null, string? without = null)
    {
        if (without is not null)
        {
            _given.Remove(without);
            _file.Write(_weights, null, _given);
        }
        var message = Assert.Throws<CheckpointException>(() => CheckpointImport.Run(_file.Checkpoint, _file.Output, options ?? new ImportOptions())).Message;
        Assert.Empty(_file.Beside);
        return message;
    }
}
