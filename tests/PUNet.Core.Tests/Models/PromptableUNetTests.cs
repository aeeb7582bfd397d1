using PUNet.Core.Common;
using PUNet.Core.Models;
using TorchSharp;

namespace PUNet.Core.Tests.Models;

public sealed class PromptableUNetTests
{
    [Theory]
    [InlineData(32, 32)]
    [InlineData(33, 47)]
    [InlineData(20, 9)]
    public void Logits_have_the_image_size_and_the_embedding_half_of_it_rounded_up(int height, int width)
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        using var generator = new RandomStream(3, "image").TorchGenerator();
        var image = torch.rand([2, 1, height, width, 1], generator: generator);
        var output = network.Forward(image, new ActiveClasses([[1, 3], [2, 4]]));
        Assert.Equal([2, 3, height, width, 1], output.Logits.shape);
        Assert.Equal([2, 8, (height + 1) / 2, (width + 1) / 2, 1], output.Embedding.shape);
        Assert.True(output.Logits.isfinite().all().item<bool>());
    }

    [Fact]
    public void The_same_stream_gives_the_same_network_and_leaves_the_global_generator_alone()
    {
        var before = torch.get_rng_state().data<byte>().ToArray();
        using var one = SmallNetworks.Network(SmallNetworks.Flat, seed: 7);
        using var two = SmallNetworks.Network(SmallNetworks.Flat, seed: 7);
        using var other = SmallNetworks.Network(SmallNetworks.Flat, seed: 8);
        Assert.Equal(before, torch.get_rng_state().data<byte>().ToArray());
        foreach (var ((name, parameter), (_, twin)) in one.named_parameters().Zip(two.named_parameters()))
            Assert.True(parameter.allclose(twin, 0, 0), name);
        Assert.Contains(one.named_parameters().Zip(other.named_parameters()), pair => !pair.First.parameter.allclose(pair.Second.parameter));
    }
}
