using PUNet.Core.Blocks;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.UNet;

/// <summary>
/// The way up of a level: a transposed convolution unit and a residual unit of one convolution.
/// MONAI: what _get_up_layer of UNet makes.
/// </summary>
internal sealed class UNetUp : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "0")] private readonly ConvolutionUnit _enlarge;
    [ComponentName(Name = "1")] private readonly ResidualUnit _refine;

    public UNetUp(int inputs, int outputs, int stride, bool isTop, Initialisation draw) : base(nameof(UNetUp))
    {
        _enlarge = ConvolutionUnit.Of(inputs, outputs, stride, draw, transposed: true);
        _refine = new ResidualUnit(outputs, outputs, 1, 1, draw, bareEnd: isTop);
        RegisterComponents();
    }

    /// <summary>[B, C_in, H, W] to [B, C_out, H·s, W·s].</summary>
    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        return _refine.forward(_enlarge.forward(map)).MoveToOuterDisposeScope();
    }
}
