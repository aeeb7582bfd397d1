using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Levels;

/// <summary>The first, residual block; halves the in-plane resolution (method.md, section 2, step 1).</summary>
internal sealed class Stem : nn.Module
{
    [ComponentName(Name = "conv_first")] private readonly SameConvolution _convFirst;
    [ComponentName(Name = "norm_first")] private readonly BatchNorm3d _normFirst;
    [ComponentName(Name = "conv_second")] private readonly SameConvolution _convSecond;
    [ComponentName(Name = "norm_second")] private readonly BatchNorm3d _normSecond;
    [ComponentName(Name = "conv_skip")] private readonly SameConvolution _convSkip;
    [ComponentName(Name = "norm_skip")] private readonly BatchNorm3d _normSkip;

    /// <param name="inputs">Image channels.</param>
    /// <param name="outputs">C_0.</param>
    /// <param name="depthKernel">1 or 3.</param>
    /// <param name="initialisation">Source of the initial values.</param>
    public Stem(int inputs, int outputs, int depthKernel, Initialisation initialisation) : base(nameof(Stem))
    {
        var kernel = new Extent(3, 3, depthKernel);
        var halving = new Extent(2, 2, 1);
        _convFirst = new SameConvolution(inputs, outputs, kernel, halving, false, initialisation);
        _normFirst = nn.BatchNorm3d(outputs);
        _convSecond = new SameConvolution(outputs, outputs, kernel, new Extent(1, 1, 1), false, initialisation);
        _normSecond = nn.BatchNorm3d(outputs);
        _convSkip = new SameConvolution(inputs, outputs, new Extent(1, 1, 1), halving, false, initialisation);
        _normSkip = nn.BatchNorm3d(outputs);
        RegisterComponents();
    }

    /// <summary>[B, C_in, H, W, D] to [B, C_0, ⌈H/2⌉, ⌈W/2⌉, D].</summary>
    public Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        var hidden = _normFirst.Normalise(_convFirst.forward(image)).LeakyReluInPlace(LeakySlope.Value);
        var sum = _normSecond.Normalise(_convSecond.forward(hidden)).PlusInPlace(_normSkip.Normalise(_convSkip.forward(image)));
        return sum.LeakyReluInPlace(LeakySlope.Value).MoveToOuterDisposeScope();
    }
}
