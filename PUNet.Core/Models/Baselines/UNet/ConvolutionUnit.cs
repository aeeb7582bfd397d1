using PUNet.Core.Blocks;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.UNet;

/// <summary>A convolution, with normalisation and activation behind it or bare. MONAI: Convolution.</summary>
internal sealed class ConvolutionUnit : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "conv")] private readonly PlaneConvolution _convolution;
    [ComponentName(Name = "adn")] private readonly NormAndSlope? _activation;

    private ConvolutionUnit(PlaneConvolution convolution, NormAndSlope? activation) : base(nameof(ConvolutionUnit))
    {
        (_convolution, _activation) = (convolution, activation);
        RegisterComponents();
    }

    /// <summary>A unit of the UNet: kernel 3, with a bias.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="stride">Stride.</param>
    /// <param name="draw">Source of the initial values.</param>
    /// <param name="transposed">Whether sizes are multiplied by the stride.</param>
    /// <param name="bare">Without normalisation and activation.</param>
    public static ConvolutionUnit Of(int inputs, int outputs, int stride, Initialisation draw, bool transposed = false, bool bare = false) =>
        new(new PlaneConvolution(inputs, outputs, 3, stride, true, draw, transposed), bare ? null : new NormAndSlope(outputs));

    /// <summary>A bare convolution of any kernel with stride 1.</summary>
    public static ConvolutionUnit Bare(int inputs, int outputs, int kernel, bool hasBias, Initialisation draw) =>
        new(new PlaneConvolution(inputs, outputs, kernel, 1, hasBias, draw), null);

    /// <summary>A bare transposed convolution that doubles the size, kernel 2, without a bias.</summary>
    public static ConvolutionUnit Doubling(int inputs, int outputs, Initialisation draw) =>
        new(new PlaneConvolution(inputs, outputs, 2, 2, false, draw, transposed: true), null);

    /// <summary>[B, C_in, H, W] to [B, C_out, H', W'].</summary>
    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        var convolved = _convolution.forward(map);
        return (_activation is null ? convolved : _activation.forward(convolved)).MoveToOuterDisposeScope();
    }
}
