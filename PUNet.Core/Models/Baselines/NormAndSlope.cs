using PUNet.Core.Blocks;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines;

/// <summary>Batch normalisation and a leaky activation of one learned slope (PReLU). MONAI: ADN.</summary>
internal sealed class NormAndSlope : nn.Module<Tensor, Tensor>
{
    private const double InitialSlope = 0.25;

    [ComponentName(Name = "N")] private readonly BatchNorm2d _norm;
    [ComponentName(Name = "A")] private readonly PReLU _slope;

    public NormAndSlope(int channels) : base(nameof(NormAndSlope))
    {
        _norm = nn.BatchNorm2d(channels);
        _slope = nn.PReLU(1, InitialSlope);
        RegisterComponents();
    }

    /// <summary>[B, C, H, W] to the same.</summary>
    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        return _slope.forward(_norm.Normalise(map)).MoveToOuterDisposeScope();
    }
}
