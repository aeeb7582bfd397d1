using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Blocks.Windows;
using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Levels;

/// <summary>
/// One level of the encoder: pre-activated strided convolution and PSWin, with a projected skip around both (method.md, section 2, step 3).
/// </summary>
internal sealed class EncoderLevel : nn.Module
{
    [ComponentName(Name = "norm")] private readonly BatchNorm3d _norm;
    [ComponentName(Name = "conv")] private readonly SameConvolution _conv;
    [ComponentName(Name = "block")] private readonly PromptedWindowBlock _block;
    [ComponentName(Name = "norm_skip")] private readonly BatchNorm3d _normSkip;
    [ComponentName(Name = "conv_skip")] private readonly SameConvolution _convSkip;

    /// <param name="inputs">C of the level above.</param>
    /// <param name="outputs">C of this level.</param>
    /// <param name="sampling">Kernel and stride.</param>
    /// <param name="shape">Shape of the attention.</param>
    /// <param name="tables">Window tables of the network.</param>
    /// <param name="initialisation">Source of the initial values.</param>
    public EncoderLevel(int inputs, int outputs, LevelSampling sampling, AttentionShape shape, WindowTableCache tables, Initialisation initialisation)
        : base(nameof(EncoderLevel))
    {
        _norm = nn.BatchNorm3d(inputs);
        _conv = new SameConvolution(inputs, outputs, sampling.Kernel, sampling.Stride, true, initialisation);
        _block = new PromptedWindowBlock(outputs, shape, tables, initialisation);
        _normSkip = nn.BatchNorm3d(inputs);
        _convSkip = new SameConvolution(inputs, outputs, new Extent(1, 1, 1), sampling.Stride, true, initialisation, shape.LowRank);
        RegisterComponents();
    }

    /// <summary>[B, C_in, H, W, D] to [B, C_out, H/s, W/s, D/s].</summary>
    public Tensor forward(Tensor map, PromptPair? prompts, PromptSelection? selection)
    {
        using var scope = NewDisposeScope();
        var content = _conv.forward(_norm.Normalise(map).LeakyReluInPlace(LeakySlope.Value));
        return _block.forward(content, prompts, selection).Plus(_convSkip.forward(_normSkip.Normalise(map))).MoveToOuterDisposeScope();
    }
}
