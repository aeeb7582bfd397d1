using PUNet.Core.Blocks;
using PUNet.Core.Blocks.Attention;
using PUNet.Core.Common;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Blocks;

public sealed class LowRankUpdateTests
{
    [Fact]
    public void A_fresh_update_adds_nothing()
    {
        using var scope = NewDisposeScope();
        var matrix = randn(5, 7);
        using var update = Update(7, 5, 2);
        Assert.True(update.AddTo(matrix).Equals(matrix));
        Assert.NotEqual(0, update.state_dict()["down"].abs().min().item<float>());
    }

    /// <summary>α is 4, the default rank, whatever the rank is.</summary>
    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 1)]
    [InlineData(8, 0.5)]
    public void The_product_of_the_factors_is_scaled_by_alpha_over_the_rank(int rank, double scale)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var matrix = zeros(3, 9);
        using var update = Update(9, 3, rank);
        foreach (var factor in update.parameters()) factor.fill_(1);
        // every element of the product of ones is the rank
        Assert.True(update.AddTo(matrix).Equals(full(3, 9, (float)(scale * rank))));
    }

    [Fact]
    public void The_first_factor_keeps_the_variance_of_what_it_multiplies()
    {
        using var scope = NewDisposeScope();
        using var update = Update(400, 3, 250);
        var down = update.state_dict()["down"];
        // the deviation of n = 100,000 normal numbers is known to 1 / √(2 n) of itself: five of these
        Assert.Equal(1, down.std().item<float>() * Math.Sqrt(400), 5 / Math.Sqrt(2 * down.numel()));
    }

    [Fact]
    public void A_kernel_of_several_voxels_has_none()
    {
        using var generator = new RandomStream(1, "test").TorchGenerator();
        var kernel = new Extent(3, 3, 1);
        var error = Assert.Throws<ArgumentException>(
            () => new SameConvolution(2, 2, kernel, new Extent(1, 1, 1), true, new Initialisation(generator), lowRank: 1));
        Assert.Contains("Kernels of one voxel have low-rank updates, not 3×3×1", error.Message);
    }

    [Theory]
    [InlineData(true, ComputePrecision.Single)]
    [InlineData(true, ComputePrecision.Bfloat16)]
    [InlineData(false, ComputePrecision.Single)]
    public void A_network_with_fresh_updates_predicts_what_the_backbone_predicts_bit_for_bit(bool asInPaper, ComputePrecision precision)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var backbone = SmallNetworks.Flat with
        {
            Semantics = asInPaper ? AttentionSemantics.Paper : AttentionSemantics.Reference,
            FixedOutputChannels = 2,
        };
        using var plain = SmallNetworks.Network(backbone);
        using var updated = SmallNetworks.Network(backbone with { LowRank = 2 });
        foreach (var (name, value) in NetworkState.Of(plain)) NetworkState.Of(updated)[name].copy_(value);
        Assert.True(Predict(updated).Equals(Predict(plain)));
        foreach (var update in ParameterGroups.Trained(updated, AdaptationVariant.TuneLowRank, [1]).Where(IsSecondFactor)) update.Value.fill_(0.1);
        Assert.False(Predict(updated).Equals(Predict(plain)));

        Tensor Predict(SegmentationNetwork network)
        {
            network.Precision = precision;
            network.eval();
            return network.forward(SmallNetworks.Image(), ActiveClasses.Same(2, 1), promptsInBlocks: false).Logits;
        }
    }

    /// <summary>What the updates add to the weights, merged into those of a plain network, gives the same predictions.</summary>
    [Fact]
    public void Updates_can_be_merged_into_the_weights_that_they_update()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var plain = SmallNetworks.Network(SmallNetworks.Flat with { FixedOutputChannels = 2 });
        using var updated = SmallNetworks.Network(SmallNetworks.Flat with { FixedOutputChannels = 2, LowRank = 4 });
        using var generator = new RandomStream(1, "updates").TorchGenerator();
        foreach (var update in ParameterGroups.Of(updated).Where(IsSecondFactor)) update.Value.normal_(0, 1, generator);
        var (target, source) = (NetworkState.Of(plain), NetworkState.Of(updated));
        foreach (var (name, value) in target)
        {
            var layer = name[..(name.LastIndexOf('.') + 1)] + "low_rank.";
            var merged = name.EndsWith(".weight") && source.TryGetValue(layer + "up", out var up)
                ? source[name] + up.mm(source[layer + "down"]).view_as(source[name])
                : source[name];
            value.copy_(merged);
        }
        var (expected, actual) = (Predict(plain), Predict(updated));
        // the same sums in the same order
        Assert.True(expected.Equals(actual));

        static Tensor Predict(SegmentationNetwork network)
        {
            network.eval();
            return network.forward(SmallNetworks.Image(), ActiveClasses.Same(2, 1), promptsInBlocks: false).Logits;
        }
    }

    private static bool IsSecondFactor(NetworkParameter parameter) => parameter.Name.EndsWith(".low_rank.up", StringComparison.Ordinal);

    private static LowRankUpdate Update(int inputs, int outputs, int rank)
    {
        using var generator = new RandomStream(1, "test").TorchGenerator();
        return new LowRankUpdate(inputs, outputs, rank, new Initialisation(generator));
    }
}
