using PUNet.Core.Blocks;
using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Promptable;

/// <summary>The fixed output layer that can replace the similarity aggregation: conv1×1(LeakyReLU(BN(F))) (method.md, section 2, step 6).</summary>
internal sealed class FixedHead : nn.Module
{
    [ComponentName(Name = "norm")] private readonly BatchNorm3d _norm;
    [ComponentName(Name = "conv")] private readonly SameConvolution _conv;

    public FixedHead(int channels, int outputs, Initialisation initialisation) : base(nameof(FixedHead))
    {
        _norm = nn.BatchNorm3d(channels);
        _conv = new SameConvolution(channels, outputs, new Extent(1, 1, 1), new Extent(1, 1, 1), true, initialisation);
        RegisterComponents();
    }

    /// <summary>[B, C_0, H, W, D] to [B, outputs, H, W, D].</summary>
    public Tensor forward(Tensor embedding)
    {
        using var scope = NewDisposeScope();
        return _conv.forward(_norm.Normalise(embedding).LeakyReluInPlace(LeakySlope.Value)).MoveToOuterDisposeScope();
    }
}
