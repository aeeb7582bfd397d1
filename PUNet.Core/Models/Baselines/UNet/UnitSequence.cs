using PUNet.Core.Blocks;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.UNet;

/// <summary>The convolution units of a residual unit, one behind the other. MONAI: conv of ResidualUnit.</summary>
internal sealed class UnitSequence : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "unit0")] private readonly ConvolutionUnit _first;
    [ComponentName(Name = "unit1")] private readonly ConvolutionUnit? _second;

    public UnitSequence(int inputs, int outputs, int stride, int units, bool bareEnd, Initialisation draw) : base(nameof(UnitSequence))
    {
        _first = ConvolutionUnit.Of(inputs, outputs, stride, draw, bare: bareEnd && units == 1);
        if (units > 1) _second = ConvolutionUnit.Of(outputs, outputs, 1, draw, bare: bareEnd);
        RegisterComponents();
    }

    /// <summary>[B, C_in, H, W] to [B, C_out, H/s, W/s].</summary>
    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        var first = _first.forward(map);
        return (_second is null ? first : _second.forward(first)).MoveToOuterDisposeScope();
    }
}
