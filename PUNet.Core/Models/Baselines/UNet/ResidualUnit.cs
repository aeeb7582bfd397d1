using PUNet.Core.Blocks;
using PUNet.Core.Common;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.UNet;

/// <summary>
/// One or two convolution units with a skip around them, which a convolution projects where size or channels change.
/// MONAI: ResidualUnit.
/// </summary>
internal sealed class ResidualUnit : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "conv")] private readonly UnitSequence _units;
    [ComponentName(Name = "residual")] private readonly PlaneConvolution? _projection;

    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="stride">Stride of the first unit and of the skip.</param>
    /// <param name="units">1 or 2.</param>
    /// <param name="draw">Source of the initial values.</param>
    /// <param name="bareEnd">Whether the last unit has no normalisation and activation.</param>
    public ResidualUnit(int inputs, int outputs, int stride, int units, Initialisation draw, bool bareEnd = false) : base(nameof(ResidualUnit))
    {
        _units = new UnitSequence(inputs, outputs, stride, units, bareEnd, draw);
        if (stride != 1 || inputs != outputs) _projection = new PlaneConvolution(inputs, outputs, stride == 1 ? 1 : 3, stride, true, draw);
        RegisterComponents();
    }

    /// <summary>[B, C_in, H, W] to [B, C_out, H/s, W/s].</summary>
    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        return _units.forward(map).Plus(_projection is null ? map : _projection.forward(map)).MoveToOuterDisposeScope();
    }
}
