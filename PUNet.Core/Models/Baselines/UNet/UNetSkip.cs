using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.UNet;

/// <summary>What lies below a level, with the skip concatenated in front of it. MONAI: SkipConnection.</summary>
internal sealed class UNetSkip : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "submodule")] private readonly nn.Module<Tensor, Tensor> _below;

    public UNetSkip(nn.Module<Tensor, Tensor> below) : base(nameof(UNetSkip))
    {
        _below = below;
        RegisterComponents();
    }

    /// <summary>[B, C, H, W] to [B, C + C_below, H, W].</summary>
    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        return cat([map, _below.forward(map)], 1).MoveToOuterDisposeScope();
    }
}
