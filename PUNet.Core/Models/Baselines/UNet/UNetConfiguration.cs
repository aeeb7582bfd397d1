namespace PUNet.Core.Models.Baselines.UNet;

/// <summary>A UNet of residual units (Kerfoot et al., 2018), two to a level, with batch normalisation and learned leaky slopes.</summary>
public sealed record UNetConfiguration : BaselineConfiguration
{
    private const int Levels = 5;

    /// <summary>Channels of the five levels; in-plane strides between them are 1, 2, 2, 2 and, to the deepest, 1.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [32, 64, 128, 256, 384];

    private protected override string Architecture => "UNet";

    private protected override int Multiple => 8;

    private protected override void AddSizes(List<string> faults)
    {
        if (Channels.Count != Levels) faults.Add($"channels must name the {Levels} levels, not {Channels.Count}.");
        foreach (var channels in Channels.Where(channels => channels < 1)) faults.Add($"channels must be at least 1, not {channels}.");
    }
}
