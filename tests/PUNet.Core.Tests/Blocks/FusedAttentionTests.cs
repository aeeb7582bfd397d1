using PUNet.Core.Blocks.Attention;
using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Blocks;

public sealed class FusedAttentionTests
{
    [Theory]
    [InlineData(64, 4, 8, true, true)]
    [InlineData(64, 4, 0, true, false)]
    [InlineData(16, 6, 5, false, true)]
    [InlineData(5, 3, 2, true, true)]
    [InlineData(1, 4, 1, false, false)]
    [InlineData(18, 12, 3, true, true)]
    public void The_kernel_and_tensor_operations_give_the_same_output_and_gradients(
        int positions, int perHead, int prompts, bool contentBias, bool promptBias)
    {
        foreach (var multiplies in new bool?[] { null, false, true })
        {
            using var scope = NewDisposeScope();
            var layout = new AttentionLayout(Batch: 2, Windows: 3, Heads: 2, positions, perHead, prompts);
            var (fused, fusedInputs) = Run(layout, contentBias, promptBias && prompts > 0, multiplies, useKernel: true);
            var (plain, plainInputs) = Run(layout, contentBias, promptBias && prompts > 0, multiplies, useKernel: false);
            AssertClose(plain, fused, "output");
            foreach (var (name, input) in plainInputs) AssertClose(input.grad!, fusedInputs[name].grad!, $"{name}, mask {multiplies}");
        }
    }

    [Fact]
    public void The_kernel_refuses_what_is_not_in_single_precision_on_the_CPU()
    {
        using var scope = NewDisposeScope();
        var layout = new AttentionLayout(Batch: 1, Windows: 1, Heads: 2, 4, 3, 2);
        var (content, prompts, bias) = (zeros(1, 4, 18), zeros(1, 2, 12), zeros(2, 4, 4));
        Assert.True(FusedAttention.Supports(content, prompts, bias, null));
        foreach (var other in new[] { prompts.to(float64), prompts.to(META) })
        {
            var error = Assert.Throws<ArgumentException>(() => FusedAttention.Apply(layout, content, other, bias, null, null));
            Assert.Contains("single precision on the CPU", error.Message);
        }
    }

    [Fact]
    public void The_exponential_is_accurate_to_two_units_in_the_last_place_and_vanishes_for_minus_infinity()
    {
        for (var x = -87f; x <= 0; x += 0.37f)
        {
            var expected = Math.Exp(x);
            Assert.InRange(VectorMath.Exp(System.Runtime.Intrinsics.Vector512.Create(x))[0], expected * (1 - 2.4e-7), expected * (1 + 2.4e-7));
        }
        Assert.Equal(0, VectorMath.Exp(System.Runtime.Intrinsics.Vector512.Create(float.NegativeInfinity))[3]);
    }

    private static (Tensor Output, Dictionary<string, Tensor> Inputs) Run(
        AttentionLayout layout, bool contentBias, bool promptBias, bool? multiplies, bool useKernel)
    {
        using var generator = new RandomStream(5, "attention").TorchGenerator();
        var (b, p, h, n, _, j) = layout;
        var inputs = new Dictionary<string, Tensor> { ["content"] = Random(b * p, n, 3 * layout.Channels) };
        if (j > 0) inputs["prompts"] = Random(b, j, 2 * layout.Channels);
        if (contentBias) inputs["content bias"] = Random(h, n, n);
        if (promptBias) inputs["prompt bias"] = Random(b, j, h);
        var regions = Enumerable.Range(0, p).Select(
            window => Enumerable.Range(0, n).Select(position => window == 0 ? 0 : position * window / 3 % 3).ToArray()).ToArray();
        var (prompts, bias, promptScores) = (
            inputs.GetValueOrDefault("prompts"), inputs.GetValueOrDefault("content bias"), inputs.GetValueOrDefault("prompt bias"));
        var output = useKernel
            ? FusedAttention.Apply(
                layout, inputs["content"], prompts, bias, promptScores, multiplies is { } how ? new RegionLanes(regions, layout.Lanes, how) : null)
            : PlainAttention.Apply(
                layout, inputs["content"], prompts, bias, promptScores, multiplies is { } kind ? Mask(regions, j, kind) : null, multiplies ?? false);
        (output * Random(b * p, n, layout.Channels).detach()).sum().backward();
        return (output, inputs);

        Tensor Random(params long[] shape) => rand(shape, generator: generator).mul(4).sub(2).requires_grad_();
    }

    private static Tensor Mask(int[][] regions, int prompts, bool multiplies)
    {
        var (p, n) = (regions.Length, regions[0].Length);
        var mask = multiplies ? ones(p, 1, n, prompts + n) : zeros(p, 1, n, prompts + n);
        for (var window = 0; window < p; window++)
            for (var query = 0; query < n; query++)
                for (var key = 0; key < n; key++)
                    if (regions[window][query] == regions[window][key] == multiplies)
                        mask[window, 0, query, prompts + key] = multiplies ? 0 : float.NegativeInfinity;
        return mask;
    }

    private static void AssertClose(Tensor expected, Tensor actual, string what)
    {
        Assert.True(expected.shape.SequenceEqual(actual.shape), what);
        Assert.True(actual.allclose(expected, rtol: 1e-4, atol: 1e-5), $"{what}: {(actual - expected).abs().max().item<float>()}");
    }
}
