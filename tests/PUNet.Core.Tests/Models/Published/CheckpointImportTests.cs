using System.Text.Json;
using PUNet.Core.Blocks.Attention;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Imaging;
using PUNet.Core.Models;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Models.Published;
using PUNet.Core.Tests.Common.Pickle;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models.Published;

/// <summary>What a sound checkpoint becomes.</summary>
public sealed class CheckpointImportTests : CheckpointImportCase
{
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
        Assert.True(card.PromptsInBlocks);
        Assert.Equal(
            [
                "Images are assumed to be CT, clipped to [−1000, 1000] HU as the paper does.",
                "Scans are assumed to be prepared as the paper does: 1.25 × 1.25 × 2.5 mm, slices cropped or padded to 280 × 280.",
            ], report.Assumptions);
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
        _file.WriteState(
            _weights.ToDictionary(entry => entry.Key, entry => entry.Value.is_floating_point() ? entry.Value.to(ScalarType.Float16) : entry.Value));
        CheckpointImport.Run(_file.Checkpoint, _file.Output, new ImportOptions());
        const string ours = "stem.conv_first.weight";
        Assert.Equal(
            _weights[PublishedNames.Of(ours)].to(ScalarType.Float16).to(ScalarType.Float32),
            Safetensors.Read(Path.Combine(_file.Output, "backbone.safetensors"))[ours]);
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
    public void The_depth_of_patches_follows_from_the_kernels_where_the_file_does_not_tell_it()
    {
        _file.WriteState(Safetensors.Read(Path.Combine(RepositoryFolders.Fixtures, "architecture", "weights_3d.safetensors")).ToDictionary());
        var network = CheckpointImport.Run(_file.Checkpoint, _file.Output, new ImportOptions()).Card.Network;
        Assert.Equal(NetworkPresets.Paper3dAniso.StudentPatch, network.StudentPatch);
        Assert.Equal(NetworkPresets.Paper3dAniso.TeacherPatch, network.TeacherPatch);
    }
}
