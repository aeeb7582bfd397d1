using PUNet.Core.Blocks;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines;

/// <summary>
/// A convolution of slices, or the transposed one that multiplies their size by its stride.
/// MONAI: Conv and ConvTrans of its layer factories.
/// </summary>
internal sealed class PlaneConvolution : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    [ComponentName(Name = "bias")] private readonly Parameter? _bias;

    private readonly int _stride;
    private readonly int _padding;
    private readonly int _outputPadding;
    private readonly bool _transposed;

    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">Edge of the kernel; an odd one is padded by half of it, an even one is as long as the stride and not padded.</param>
    /// <param name="stride">Stride.</param>
    /// <param name="hasBias">Whether a bias is added.</param>
    /// <param name="draw">Source of the initial values.</param>
    /// <param name="transposed">Whether sizes are multiplied instead of divided.</param>
    public PlaneConvolution(int inputs, int outputs, int kernel, int stride, bool hasBias, Initialisation draw, bool transposed = false)
        : base(nameof(PlaneConvolution))
    {
        var (first, second) = transposed ? (inputs, outputs) : (outputs, inputs);
        _weight = draw.Weight(first, second, kernel, kernel);
        if (hasBias) _bias = draw.Bias((long)second * kernel * kernel, outputs);
        (_stride, _transposed) = (stride, transposed);
        _padding = kernel % 2 == 1 ? kernel / 2 : 0;
        _outputPadding = transposed ? stride - kernel + 2 * _padding : 0;
        RegisterComponents();
    }

    /// <summary>[B, C_in, H, W] to [B, C_out, H/s, W/s], or to [B, C_out, H·s, W·s] where transposed.</summary>
    public override Tensor forward(Tensor map) => MixedPrecision.Multiply(map, _weight, _bias, Convolve);

    private Tensor Convolve(Tensor map, Tensor weight, Tensor? bias) => _transposed
        ? nn.functional.conv_transpose2d(
            map, weight, bias, strides: [_stride, _stride], padding: [_padding, _padding], output_padding: [_outputPadding, _outputPadding])
        : nn.functional.conv2d(map, weight, bias, strides: [_stride, _stride], padding: [_padding, _padding]);
}
