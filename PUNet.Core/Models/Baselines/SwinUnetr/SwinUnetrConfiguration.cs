namespace PUNet.Core.Models.Baselines.SwinUnetr;

/// <summary>SwinUNETR (Hatamizadeh et al., 2022): a shifted-window transformer as the encoder of a convolutional decoder.</summary>
public sealed record SwinUnetrConfiguration : BaselineConfiguration
{
    private const int Stages = 4;

    /// <summary>Channels of the finest level, doubled from stage to stage.</summary>
    public int FeatureSize { get; init; } = 24;

    /// <summary>Blocks of each of the four stages; every second one is shifted.</summary>
    public IReadOnlyList<int> Depths { get; init; } = [2, 2, 2, 2];

    /// <summary>Attention heads of each stage; each divides its channels.</summary>
    public IReadOnlyList<int> Heads { get; init; } = [3, 6, 12, 24];

    /// <summary>Edge of an attention window in positions of the map.</summary>
    public int Window { get; init; } = 7;

    private protected override string Architecture => "SwinUNETR";

    private protected override int Multiple => 32;

    /// <summary>The deepest map is normalised over its positions, so it must have more than one.</summary>
    private protected override int Smallest => 64;

    private protected override void AddSizes(List<string> faults)
    {
        if (FeatureSize < 1) faults.Add($"feature_size must be at least 1, not {FeatureSize}.");
        if (Window < 2) faults.Add($"window must be at least 2, as half of it is the shift, not {Window}.");
        if (Depths.Count != Stages) faults.Add($"depths must name the {Stages} stages, not {Depths.Count}.");
        if (Heads.Count != Stages) faults.Add($"heads must name the {Stages} stages, not {Heads.Count}.");
        foreach (var depth in Depths.Where(depth => depth < 1)) faults.Add($"depths must be at least 1, not {depth}.");
        foreach (var (heads, stage) in Heads.Take(Stages).Select((heads, stage) => (heads, stage)))
            if (heads < 1 || (FeatureSize << stage) % heads != 0)
                faults.Add($"heads ({heads}) must divide the channels of their stage ({FeatureSize << stage}, by feature_size {FeatureSize}).");
    }
}
