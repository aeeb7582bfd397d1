using PUNet.Core.Blocks;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.UNet;

/// <summary>The residual UNet: nested levels, each halving its input, around the deepest unit. MONAI: networks.nets.UNet.</summary>
internal sealed class UNetBody : BaselineBody
{
    private const int Multiple = 8;

    [ComponentName(Name = "model")] private readonly UNetLevel _model;

    public UNetBody(UNetConfiguration configuration, Initialisation draw) : base(nameof(UNetBody))
    {
        _model = new UNetLevel(configuration.InChannels, configuration.OutputFeatures, configuration.Channels, isTop: true, draw);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor slices) => _model.forward(slices);

    /// <inheritdoc/>
    public override void Check(long height, long width) => CheckMultiple(height, width, Multiple);

    /// <summary>The way up of every level, which follows the level's down unit (0) and what lies below (1).</summary>
    public override bool IsInDecoder(string name) =>
        name.StartsWith("model.2.", StringComparison.Ordinal) || name.Contains(".submodule.2.", StringComparison.Ordinal);
}
