namespace PUNet.Core.Models.Baselines.Unetr;

/// <summary>UNETR (Hatamizadeh et al., 2022): a vision transformer whose hidden states a convolutional decoder reads.</summary>
public sealed record UnetrConfiguration : BaselineConfiguration
{
    /// <summary>Edge of a token's patch in voxels; four doublings lead back to the image.</summary>
    internal const int TokenPatch = 16;

    /// <summary>Hidden states are read after every quarter of the layers.</summary>
    internal const int Quarters = 4;

    /// <summary>Channels of the finest level of the decoder.</summary>
    public int FeatureSize { get; init; } = 16;

    /// <summary>Channels of a token.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>Channels inside the transformer's feed-forward layers.</summary>
    public int MlpSize { get; init; } = 3072;

    /// <summary>Attention heads; divides the hidden size.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Transformer blocks, a multiple of 4.</summary>
    public int Layers { get; init; } = 12;

    private protected override string Architecture => "UNETR";

    private protected override int Multiple => TokenPatch;

    private protected override void AddSizes(List<string> faults)
    {
        (string, int)[] sizes =
            [("feature_size", FeatureSize), ("hidden_size", HiddenSize), ("mlp_size", MlpSize), ("heads", Heads), ("layers", Layers)];
        foreach (var (name, value) in sizes)
            if (value < 1) faults.Add($"{name} must be at least 1, not {value}.");
        if (Heads > 0 && HiddenSize % Heads != 0) faults.Add($"heads ({Heads}) must divide hidden_size ({HiddenSize}).");
        if (Layers % Quarters != 0)
            faults.Add($"layers must be a multiple of {Quarters}, as the decoder reads the state after every quarter, not {Layers}.");
    }
}
