using PUNet.Core.Blocks;
using PUNet.Core.Common.Settings;

namespace PUNet.Core.Models.Baselines.UNet;

/// <summary>A UNet of residual units (Kerfoot et al., 2018), two to a level, with batch normalisation and learned leaky slopes.</summary>
public sealed record UNetConfiguration : BaselineConfiguration
{
    private const int Levels = 5;

    /// <summary>Channels of the five levels; in-plane strides between them are 1, 2, 2, 2 and, to the deepest, 1.</summary>
    [Within(1, 4096, LayerMemory)]
    public IReadOnlyList<int> Channels { get; init; } = [32, 64, 128, 256, 384];

    internal override BaselineBody CreateBody(Initialisation draw) => new UNetBody(this, draw);

    private protected override string Architecture => "UNet";

    private protected override int Multiple => 8;

    private protected override IEnumerable<Fault> TooLarge() => [];

    private protected override IEnumerable<Fault> SizeRules()
    {
        if (Channels.Count != Levels) yield return new Fault("channels", $"channels must name the {Levels} levels, not {Channels.Count}");
    }
}
