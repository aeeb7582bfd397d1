using PUNet.Core.Blocks;
using PUNet.Core.Models.Baselines.UNet;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines;

/// <summary>
/// A step of the decoder of UNETR and SwinUNETR: doubles the deeper map, puts the skip beside it, and refines both.
/// MONAI: UnetrUpBlock.
/// </summary>
internal sealed class DoublingDecoder : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "transp_conv")] private readonly ConvolutionUnit _enlarge;
    [ComponentName(Name = "conv_block")] private readonly InstanceResidualBlock _refine;

    public DoublingDecoder(int inputs, int outputs, Initialisation draw) : base(nameof(DoublingDecoder))
    {
        _enlarge = ConvolutionUnit.Doubling(inputs, outputs, draw);
        _refine = new InstanceResidualBlock(2 * outputs, outputs, draw);
        RegisterComponents();
    }

    /// <summary>Deeper map [B, C_in, H/2, W/2] and skip [B, C_out, H, W] to [B, C_out, H, W].</summary>
    public override Tensor forward(Tensor deeper, Tensor skip)
    {
        using var scope = NewDisposeScope();
        return _refine.forward(cat([_enlarge.forward(deeper), skip], 1)).MoveToOuterDisposeScope();
    }
}
