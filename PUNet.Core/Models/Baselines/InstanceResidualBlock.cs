using PUNet.Core.Blocks;
using PUNet.Core.Common;
using PUNet.Core.Models.Baselines.UNet;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines;

/// <summary>Two 3×3 convolutions with instance normalisation and a skip, which is projected where the channels change. MONAI: UnetResBlock.</summary>
internal sealed class InstanceResidualBlock : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "conv1")] private readonly ConvolutionUnit _first;
    [ComponentName(Name = "conv2")] private readonly ConvolutionUnit _second;
    [ComponentName(Name = "conv3")] private readonly ConvolutionUnit? _projection;

    public InstanceResidualBlock(int inputs, int outputs, Initialisation draw) : base(nameof(InstanceResidualBlock))
    {
        _first = ConvolutionUnit.Bare(inputs, outputs, 3, false, draw);
        _second = ConvolutionUnit.Bare(outputs, outputs, 3, false, draw);
        if (inputs != outputs) _projection = ConvolutionUnit.Bare(inputs, outputs, 1, false, draw);
        RegisterComponents();
    }

    /// <summary>[B, C_in, H, W] to [B, C_out, H, W].</summary>
    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        var hidden = nn.functional.instance_norm(_first.forward(map)).LeakyReluInPlace(LeakySlope.Value);
        var skip = _projection is null ? map : nn.functional.instance_norm(_projection.forward(map));
        return nn.functional.instance_norm(_second.forward(hidden)).Plus(skip).LeakyReluInPlace(LeakySlope.Value).MoveToOuterDisposeScope();
    }
}
