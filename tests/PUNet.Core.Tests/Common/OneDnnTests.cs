using PUNet.Core.Common.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Common;

public sealed class OneDnnTests
{
    [Theory]
    [InlineData("AuthenticAMD 26/2", "", true)]
    [InlineData("HygonGenuine 24/0", "", true)]
    [InlineData("X64 AuthenticAMD 26 2", "", true)]
    [InlineData("AuthenticAMD 26/2", "48K/1 1024K/1 32768K/16", false)]
    [InlineData("GenuineIntel 6/143", "", false)]
    [InlineData("Arm64", "", false)]
    public void An_AMD_processor_that_hides_its_caches_is_computed_on_without_oneDNN(string model, string caches, bool off) =>
        Assert.Equal(off, OneDnn.IsWrong(model, caches));

    [Fact]
    public void Convolutions_of_every_kind_agree_with_double_precision()
    {
        var random = new Random(1);
        for (var i = 0; i < 120; i++)
        {
            using var scope = NewDisposeScope();
            int Of(params int[] values) => values[random.Next(values.Length)];
            var (channels, filters, kernel, stride) = (Of(1, 4, 8, 12, 16, 24, 32), Of(8, 12, 16, 24, 32), Of(1, 3), Of(1, 2));
            var (image, weight) = (
                randn([2, channels, random.Next(2, 30), random.Next(2, 30)], ScalarType.Float64),
                randn([filters, channels, kernel, kernel], ScalarType.Float64));
            if (random.Next(2) == 0) image = image.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

            Tensor Compute(ScalarType type)
            {
                var (x, w) = (image.to_type(type, copy: true).requires_grad_(), weight.to_type(type, copy: true).requires_grad_());
                var y = nn.functional.conv2d(x, w, strides: [stride, stride], padding: [kernel / 2, kernel / 2]);
                y.square().sum().backward();
                return cat([y.detach().reshape(-1), x.grad!.reshape(-1) / 100, w.grad!.reshape(-1) / 1000]).to_type(ScalarType.Float64);
            }

            var expected = Compute(ScalarType.Float64);
            var deviation = (Compute(ScalarType.Float32) - expected).abs().max() / expected.abs().max();
            Assert.True(
                deviation.item<double>() < 1e-4,
                $"{image.shape[1]} → {filters} channels, kernel {kernel}, stride {stride}: {deviation.item<double>()}");
        }
    }
}
