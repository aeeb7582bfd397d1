using PUNet.Core.Blocks;
using PUNet.Core.Models.Baselines.UNet;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines;

/// <summary>Doubles a map and refines it. MONAI: an element of the blocks of UnetrPrUpBlock.</summary>
internal sealed class RefinedDoubling : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "0")] private readonly ConvolutionUnit _enlarge;
    [ComponentName(Name = "1")] private readonly InstanceResidualBlock _refine;

    public RefinedDoubling(int channels, Initialisation draw) : base(nameof(RefinedDoubling))
    {
        _enlarge = ConvolutionUnit.Doubling(channels, channels, draw);
        _refine = new InstanceResidualBlock(channels, channels, draw);
        RegisterComponents();
    }

    /// <summary>[B, C, H, W] to [B, C, 2H, 2W].</summary>
    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        return _refine.forward(_enlarge.forward(map)).MoveToOuterDisposeScope();
    }
}
