using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Blocks.Windows;
using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Levels;

/// <summary>One level of the decoder: upsampling, the skip, a pre-activated convolution and PSWin (method.md, section 2, step 4).</summary>
internal sealed class DecoderLevel : nn.Module
{
    [ComponentName(Name = "norm")] private readonly BatchNorm3d _norm;
    [ComponentName(Name = "conv")] private readonly SameConvolution _conv;
    [ComponentName(Name = "block")] private readonly PromptedWindowBlock _block;

    private readonly Extent _stride;

    /// <param name="below">C of the level below.</param>
    /// <param name="outputs">C of this level, and of its skip.</param>
    /// <param name="sampling">Kernel and stride of the encoder level below.</param>
    /// <param name="shape">Shape of the attention.</param>
    /// <param name="tables">Window tables of the network.</param>
    /// <param name="initialisation">Source of the initial values.</param>
    public DecoderLevel(int below, int outputs, LevelSampling sampling, AttentionShape shape, WindowTableCache tables, Initialisation initialisation)
        : base(nameof(DecoderLevel))
    {
        _stride = sampling.Stride;
        _norm = nn.BatchNorm3d(below + outputs);
        _conv = new SameConvolution(below + outputs, outputs, sampling.Kernel, new Extent(1, 1, 1), true, initialisation);
        _block = new PromptedWindowBlock(outputs, shape, tables, initialisation);
        RegisterComponents();
    }

    /// <summary>The level's content from the level below and the encoder's skip.</summary>
    /// <param name="deeper">[B, C_below, h, w, d].</param>
    /// <param name="skip">[B, C, H, W, D].</param>
    /// <param name="prompts">Prompts of this level; null where the placement has none.</param>
    /// <param name="selection">Which classes; null for a pass without prompts.</param>
    /// <returns>[B, C, H, W, D].</returns>
    public Tensor forward(Tensor deeper, Tensor skip, PromptPair? prompts, PromptSelection? selection)
    {
        using var scope = NewDisposeScope();
        var target = new Extent((int)skip.shape[2], (int)skip.shape[3], (int)skip.shape[4]);
        var content = cat([Upsampling.Linear(deeper, _stride, target), skip], 1);
        content = _conv.forward(_norm.Normalise(content).LeakyReluInPlace(LeakySlope.Value));
        return _block.forward(content, prompts, selection).MoveToOuterDisposeScope();
    }
}
