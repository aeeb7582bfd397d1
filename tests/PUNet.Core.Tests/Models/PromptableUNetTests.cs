using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Blocks.Windows;
using PUNet.Core.Common;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models;

public sealed class PromptableUNetTests
{
    [Theory]
    [InlineData(32, 32)]
    [InlineData(33, 47)]
    [InlineData(20, 9)]
    public void Logits_have_the_image_size_and_the_embedding_half_of_it_rounded_up(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        using var generator = new RandomStream(3, "image").TorchGenerator();
        var image = rand([2, 1, height, width, 1], generator: generator);
        var output = network.forward(image, new ActiveClasses([[1, 3], [2, 4]]));
        Assert.Equal([2, 3, height, width, 1], output.Logits.shape);
        Assert.Equal([2, 8, (height + 1) / 2, (width + 1) / 2, 1], output.Embedding.shape);
        Assert.True(output.Logits.isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(8, 4)]
    public void Volumes_of_every_depth_setting_keep_their_size(int depth, int window)
    {
        using var scope = NewDisposeScope();
        using var network = SmallNetworks.Network(Deep(depth, window));
        var output = network.forward(SmallNetworks.Image(depth), ActiveClasses.Same(2, 1));
        Assert.Equal([2, 2, 30, 26, depth], output.Logits.shape);
        Assert.Equal([2, 8, 15, 13, depth], output.Embedding.shape);
    }

    [Fact]
    public void The_same_stream_gives_the_same_network_and_leaves_the_global_generator_alone()
    {
        var before = get_rng_state().data<byte>().ToArray();
        using var one = SmallNetworks.Network(SmallNetworks.Flat, seed: 7);
        using var two = SmallNetworks.Network(SmallNetworks.Flat, seed: 7);
        using var other = SmallNetworks.Network(SmallNetworks.Flat, seed: 8);
        Assert.Equal(before, get_rng_state().data<byte>().ToArray());
        foreach (var ((name, parameter), (_, twin)) in one.named_parameters().Zip(two.named_parameters())) Assert.True(parameter.Equals(twin), name);
        Assert.Contains(one.named_parameters().Zip(other.named_parameters()), pair => !pair.First.parameter.allclose(pair.Second.parameter));
    }

    [Fact]
    public void Batch_elements_with_different_classes_do_not_influence_each_other()
    {
        using var scope = NewDisposeScope();
        using var network = Evaluated(SmallNetworks.Flat);
        var image = SmallNetworks.Image();
        var both = network.forward(image, new ActiveClasses([[1, 3], [2, 4]])).Logits;
        AssertClose(network.forward(image.narrow(0, 0, 1), ActiveClasses.Same(1, 1, 3)).Logits, both.narrow(0, 0, 1));
        AssertClose(network.forward(image.narrow(0, 1, 1), ActiveClasses.Same(1, 2, 4)).Logits, both.narrow(0, 1, 1));
    }

    [Fact]
    public void Without_prompts_in_the_blocks_several_classes_are_the_single_classes_side_by_side()
    {
        using var scope = NewDisposeScope();
        using var network = Evaluated(SmallNetworks.Flat with { Placement = PromptPlacement.End });
        var image = SmallNetworks.Image();
        var (one, three) = (network.forward(image, ActiveClasses.Same(2, 1)).Logits, network.forward(image, ActiveClasses.Same(2, 3)).Logits);
        AssertClose(cat([one, three.narrow(1, 1, 1)], 1), network.forward(image, ActiveClasses.Same(2, 1, 3)).Logits);
    }

    [Fact]
    public void A_shared_bias_table_works_with_several_classes()
    {
        using var scope = NewDisposeScope();
        using var network = SmallNetworks.Network(SmallNetworks.Flat with { UniquePromptBias = false, UniqueTokenBias = false });
        network.forward(SmallNetworks.Image(), new ActiveClasses([[1, 2], [2, 3]])).Logits.sum().backward();
        var table = network.named_parameters().Single(item => item.name == "encoder.0.block.windowed.bias_scores.prompt_table.0").parameter;
        Assert.Equal([1, 32], table.shape);
        Assert.NotEqual(0, table.grad!.abs().sum().item<float>());
    }

    [Fact]
    public void Every_row_of_the_semantics_is_an_option_of_its_own()
    {
        using var scope = NewDisposeScope();
        AttentionSemantics[] rows =
        [
            new() { KeyValueInput = KeyValueInput.ProjectedQuery }, new() { WindowLayout = WindowLayout.Dilated },
            new() { ShiftMask = ShiftMask.MultiplicativeInverted },
            new() { PaddingRegion = PaddingRegion.FixedContentRegion }, new() { WindowPadding = WindowPadding.AllAxesCeilingFirst },
            new() { SimilarityScale = SimilarityScale.CosinePlusHalf },
        ];
        var paper = Logits(AttentionSemantics.Paper);
        Assert.All(rows, row => Assert.False(Logits(row).allclose(paper, atol: 1e-4), row.ToString()));

        Tensor Logits(AttentionSemantics semantics)
        {
            using var network = Evaluated(SmallNetworks.Flat with { Semantics = semantics });
            return network.forward(SmallNetworks.Image(), ActiveClasses.Same(2, 1)).Logits;
        }
    }

    [Fact]
    public void Single_precision_on_the_kernel_agrees_with_double_precision_on_tensor_operations()
    {
        using var scope = NewDisposeScope();
        using var single = Evaluated(Deep(4, 2));
        using var twice = SegmentationNetwork.Build(Deep(4, 2), new RandomStream(1, "initialisation"), new NetworkPlace(CPU, ScalarType.Float64));
        twice.eval();
        var (image, active) = (SmallNetworks.Image(4), new ActiveClasses([[1, 4], [2, 3]]));
        AssertClose(twice.forward(image, active).Logits.to(float32), single.forward(image, active).Logits);
    }

    [Fact]
    public void Statistics_of_frozen_normalisations_stay_while_others_follow()
    {
        using var scope = NewDisposeScope();
        using var network = SmallNetworks.Network(SmallNetworks.Flat with { FixedOutputChannels = 2 });
        ParameterGroups.TrainOnly(network, ParameterGroups.Trained(network, AdaptationVariant.TuneDecoder, [1]));
        var before = network.named_buffers().ToDictionary(item => item.name, item => item.buffer.clone());
        network.FreezeStatistics = true;
        network.train();
        network.forward(SmallNetworks.Image(), ActiveClasses.Same(2, 1), promptsInBlocks: false);
        foreach (var (name, buffer) in network.named_buffers())
            Assert.Equal(name.StartsWith("stem") || name.StartsWith("encoder"), buffer.Equals(before[name]));
    }

    [Fact]
    public void A_step_leaves_no_tensor_behind()
    {
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        long Step()
        {
            using (var scope = NewDisposeScope())
                network.forward(SmallNetworks.Image(), new ActiveClasses([[1], [2]])).Logits.sum().backward();
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        Step();
        var after = Step();
        for (var i = 0; i < 5; i++) Assert.Equal(after, Step());
    }

    [Fact]
    public void An_image_or_classes_that_do_not_fit_are_named()
    {
        using var scope = NewDisposeScope();
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        Assert.Contains(
            "not [2, 3, 8, 8, 1]", Assert.Throws<ArgumentException>(() => network.forward(zeros([2, 3, 8, 8, 1]), ActiveClasses.Same(2, 1))).Message);
        Assert.Contains(
            "given for 1 elements, the batch has 2",
            Assert.Throws<ArgumentException>(() => network.forward(SmallNetworks.Image(), ActiveClasses.Same(1, 1))).Message);
        Assert.Contains(
            "Class 5 has no prompts",
            Assert.Throws<ArgumentException>(() => network.forward(SmallNetworks.Image(), ActiveClasses.Same(2, 5))).Message);
    }

    private static PromptableUNet Evaluated(PromptableUNetConfiguration configuration)
    {
        var network = SmallNetworks.Network(configuration);
        network.eval();
        return network;
    }

    private static PromptableUNetConfiguration Deep(int depth, int window) => SmallNetworks.Flat with
    {
        Window = new Extent(4, 4, window),
        StudentPatch = new Extent(32, 32, depth),
        SecondStudentPatch = new Extent(24, 24, depth),
        TeacherPatch = new Extent(40, 40, depth),
    };

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.True(actual.allclose(expected, rtol: 1e-4, atol: 1e-5), $"deviates by {(actual - expected).abs().max().item<float>()}");
}
