using PUNet.Core.Blocks;
using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Blocks.Windows;
using PUNet.Core.Common;
using PUNet.Core.Losses;
using PUNet.Core.Models;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Tests.Models.Baselines;
using PUNet.Core.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models;

/// <summary>
/// A move to a GPU and a conversion to another type replace and dispose parameters in the same way: networks in double precision
/// show without a GPU that nothing holds what was replaced, and tensors without values (device meta) that nothing is made elsewhere.
/// </summary>
public sealed class NetworkPlaceTests
{
    private static readonly NetworkPlace _double = new(CPU, ScalarType.Float64);

    private static readonly Dictionary<string, NetworkConfiguration> _networks = new()
    {
        ["prompts"] = SmallNetworks.Flat,
        ["published"] = SmallNetworks.Flat with { Semantics = AttentionSemantics.Reference, Placement = PromptPlacement.Decoder },
        ["position code"] = SmallNetworks.Flat with { BiasScores = BiasScores.Vit },
        ["bottlenecks"] = SmallNetworks.Flat with { Bottlenecks = true, FixedOutputChannels = 3 },
        ["low-rank updates"] = SmallNetworks.Flat with { LowRank = 2, FixedOutputChannels = 3 },
        ["unet"] = SmallBaselines.UNet.ForClasses(2),
        ["unetr"] = SmallBaselines.Unetr.ForClasses(2),
        ["swin_unetr"] = SmallBaselines.SwinUnetr.ForClasses(2),
    };

    public static TheoryData<string> Networks { get; } = [.. _networks.Keys];

    [Fact]
    public void A_network_can_be_neither_moved_nor_converted_once_it_is_built()
    {
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        foreach (var move in new Action[] { () => network.to(float64), () => network.to(CPU), () => network.to(CPU, float32), () => network.cpu() })
            Assert.Contains("stays where it was built", Assert.Throws<InvalidOperationException>(move).Message);
        Assert.All(network.parameters(), parameter => Assert.False(parameter.IsInvalid));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_same_stream_gives_the_same_values_in_every_type_and_a_step_reaches_every_parameter_it_reaches_in_single_precision(string name)
    {
        using var scope = NewDisposeScope();
        using var single = Build(name, CPU);
        using var twice = Build(name, _double);
        var state = NetworkState.Of(twice);
        foreach (var (tensor, value) in NetworkState.Of(single))
        {
            Assert.Equal(value.is_floating_point() ? ScalarType.Float64 : value.dtype, state[tensor].dtype);
            Assert.True(state[tensor].to(value.dtype).Equals(value), tensor);
        }
        Assert.Equal(Reached(single), Reached(twice));
    }

    [Theory]
    [InlineData(ShiftMask.AdditiveExclusion)]
    [InlineData(ShiftMask.MultiplicativeInverted)]
    public void Attention_and_similarity_make_nothing_on_another_device_than_their_inputs(ShiftMask mask)
    {
        using var scope = NewDisposeScope();
        using var generator = new RandomStream(1, "attention").TorchGenerator();
        var (draw, configuration) = (new Initialisation(generator), SmallNetworks.Flat);
        var semantics = AttentionSemantics.Paper with { ShiftMask = mask };
        using var attention = new WindowAttention(8, configuration.Heads, semantics.KeyValueInput, draw).to(META);
        using var scores = new BiasScoreTables(configuration.BiasScoreShape(), draw).to(META);
        using var tokens = new PromptPool(configuration.PoolSize, configuration.TokensPerClass, 8, draw).to(META);
        using var cache = new WindowTableCache(configuration.Window, semantics);
        var tables = cache.For(new Extent(14, 13, 1), META, float32);
        var selection = new PromptSelection([[1, 3], [1, 3]], META);
        var windows = empty([2 * tables.Grid.Windows.Count, tables.Grid.Window.Count, 8], float32, META);
        var output = attention.forward(windows, tokens.Of(selection.Classes), selection, scores, tables, shifted: true);
        var map = output.reshape(2, -1, 8, 1, 1).transpose(1, 2);
        var prompts = selection.Spread(tokens.Of(selection.Classes));
        var similarity = SimilarityMap.Of(map, prompts, SimilarityScale.HalfCosinePlusOne, SimilarityAggregation.Softmax);
        Assert.Equal(DeviceType.META, similarity.device_type);
        output.mean().backward();
        foreach (var module in new nn.Module[] { attention, scores, tokens })
            Assert.Contains(module.parameters(), parameter => parameter.grad is { device_type: DeviceType.META });
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Teacher_optimiser_and_targets_make_nothing_on_another_device_than_the_networks(string name)
    {
        using var scope = NewDisposeScope();
        using var student = Build(name, META);
        Assert.All(NetworkState.Of(student), entry => Assert.Equal(DeviceType.META, entry.Value.device_type));
        using var teacher = new MomentumTeacher(student);
        teacher.Update();
        using var flat = new FlatParameters(student.named_parameters().Select(item => (item.name, item.parameter)));
        using var optimiser = new FlatAdamW([("all", flat, 1e-3)], weightDecay: 0.1);
        optimiser.ZeroGradients();
        optimiser.Step();
        Assert.All(optimiser.Moments, entry => Assert.Equal(DeviceType.META, entry.Value.device_type));
        Assert.Equal(
            DeviceType.META, SegmentationTargets.Build(zeros([2, 4, 4, 1], int64, META), new ActiveClasses([[1, 3], [2, 4]]), [3]).device_type);
    }

    [Fact]
    public void The_teacher_follows_a_student_of_any_type()
    {
        using var scope = NewDisposeScope();
        using var student = Build("prompts", _double);
        using var teacher = new MomentumTeacher(student, 0.9);
        var start = teacher.Network.named_parameters().ToDictionary(item => item.name, item => item.parameter.clone());
        using (no_grad())
            foreach (var parameter in student.parameters()) parameter.add_(1);
        teacher.Update();
        foreach (var (name, parameter) in teacher.Network.named_parameters())
            Assert.True(parameter.allclose(start[name] + 0.1, atol: 1e-6), name);
    }

    private static SegmentationNetwork Build(string name, NetworkPlace place) =>
        SegmentationNetwork.Build(_networks[name], new RandomStream(1, "initialisation"), place);

    private static List<string> Reached(SegmentationNetwork network)
    {
        Loss(network).backward();
        return [.. network.named_parameters()
            .Where(item => item.parameter.grad is { } slope && slope.ne(0).any().item<bool>()).Select(item => item.name)];
    }

    /// <summary>Both outputs in a loss, two elements with different classes.</summary>
    private static Tensor Loss(SegmentationNetwork network)
    {
        var patch = network.Configuration.StudentPatch;
        using var generator = new RandomStream(3, "image").TorchGenerator();
        int[][] classes = network.Configuration is PromptableUNetConfiguration { FixedOutputChannels: null } ? [[1, 3], [2, 4]] : [[1, 2], [1, 2]];
        var image = rand([2, 1, patch.H, patch.W, 1], generator: generator);
        var output = network.forward(image, new ActiveClasses(classes));
        return output.Logits.softmax(1).square().mean() + output.Embedding.square().mean();
    }
}
