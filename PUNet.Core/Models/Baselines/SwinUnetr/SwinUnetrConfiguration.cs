using PUNet.Core.Blocks;
using PUNet.Core.Common.Settings;

namespace PUNet.Core.Models.Baselines.SwinUnetr;

/// <summary>SwinUNETR (Hatamizadeh et al., 2022): a shifted-window transformer as the encoder of a convolutional decoder.</summary>
public sealed record SwinUnetrConfiguration : BaselineConfiguration
{
    private const int Stages = 4;

    /// <summary>Channels of the finest level, doubled from stage to stage.</summary>
    [Within(1, 1024, LayerMemory)]
    public int FeatureSize { get; init; } = 24;

    /// <summary>Blocks of each of the four stages; every second one is shifted.</summary>
    [Within(1, 1024, LayerMemory)]
    public IReadOnlyList<int> Depths { get; init; } = [2, 2, 2, 2];

    /// <summary>Attention heads of each stage; each divides its channels.</summary>
    [Within(1, 16_384, LayerMemory)]
    public IReadOnlyList<int> Heads { get; init; } = [3, 6, 12, 24];

    /// <summary>Edge of an attention window in positions of the map.</summary>
    [Within(2, 64, "attention takes memory by the square of the window's positions")]
    public int Window { get; init; } = 7;

    /// <inheritdoc/>
    public override bool HasStatistics => false;

    internal override BaselineBody CreateBody(Initialisation draw) => new SwinUnetrBody(this, draw);

    private protected override string Architecture => "SwinUNETR";

    private protected override int Multiple => 32;

    /// <summary>The deepest map is normalised over its positions, so it must have more than one.</summary>
    private protected override int Smallest => 64;

    private protected override IEnumerable<Fault> TooLarge() => Limits.Product(
        ["depths", "feature_size"], Depths.Select((depth, stage) => depth * 12.0 * Math.Pow(FeatureSize * Math.Pow(2, stage), 2)).Sum(),
        "parameters", MostParameters, LayerMemory);

    private protected override IEnumerable<Fault> SizeRules()
    {
        if (Depths.Count != Stages) yield return new Fault("depths", $"depths must name the {Stages} stages, not {Depths.Count}");
        if (Heads.Count != Stages) yield return new Fault("heads", $"heads must name the {Stages} stages, not {Heads.Count}");
        foreach (var (heads, stage) in Heads.Take(Stages).Select((heads, stage) => (heads, stage)))
            if ((FeatureSize << stage) % heads != 0)
                yield return new Fault(
                    ["heads", "feature_size"],
                    $"heads ({heads}) must divide the channels of their stage ({FeatureSize << stage}, by feature_size {FeatureSize})");
    }
}
