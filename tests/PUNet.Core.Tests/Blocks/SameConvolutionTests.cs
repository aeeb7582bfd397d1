using PUNet.Core.Blocks;
using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Blocks;

public sealed class SameConvolutionTests
{
    [Theory]
    [InlineData(3, 1, 1, 1)]
    [InlineData(3, 1, 2, 1)]
    [InlineData(1, 1, 2, 1)]
    [InlineData(1, 1, 2, 5)]
    [InlineData(3, 3, 2, 5)]
    [InlineData(3, 1, 1, 5)]
    public void Every_path_computes_the_three_dimensional_convolution(int kernel, int depthKernel, int stride, int depth)
    {
        using var scope = NewDisposeScope();
        using var generator = new RandomStream(1, "convolution").TorchGenerator();
        var strides = new Extent(stride, stride, depth > 1 ? stride : 1);
        var convolution = new SameConvolution(3, 4, new Extent(kernel, kernel, depthKernel), strides, true, new Initialisation(generator));
        var volume = rand([2, 3, 9, 8, depth], generator: generator);
        var parameters = convolution.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        var expected = nn.functional.conv3d(
            volume, parameters["weight"], parameters["bias"], strides: [strides.H, strides.W, strides.D],
            padding: [kernel / 2, kernel / 2, depthKernel / 2]);
        var channelsLast = volume.permute(0, 2, 3, 4, 1).contiguous().permute(0, 4, 1, 2, 3);
        foreach (var input in new[] { volume, channelsLast })
        {
            var actual = convolution.forward(input);
            Assert.Equal(expected.shape, actual.shape);
            Assert.True(actual.allclose(expected, atol: 1e-5));
        }
    }
}
