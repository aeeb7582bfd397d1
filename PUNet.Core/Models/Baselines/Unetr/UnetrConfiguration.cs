using PUNet.Core.Blocks;
using PUNet.Core.Common.Settings;

namespace PUNet.Core.Models.Baselines.Unetr;

/// <summary>UNETR (Hatamizadeh et al., 2022): a vision transformer whose hidden states a convolutional decoder reads.</summary>
public sealed record UnetrConfiguration : BaselineConfiguration
{
    /// <summary>Edge of a token's patch in voxels; four doublings lead back to the image.</summary>
    internal const int TokenPatch = 16;

    /// <summary>Hidden states are read after every quarter of the layers.</summary>
    internal const int Quarters = 4;

    /// <summary>Channels of the finest level of the decoder.</summary>
    [Within(1, 1024, LayerMemory)]
    public int FeatureSize { get; init; } = 16;

    /// <summary>Channels of a token.</summary>
    [Within(1, 16_384, LayerMemory)]
    public int HiddenSize { get; init; } = 768;

    /// <summary>Channels inside the transformer's feed-forward layers.</summary>
    [Within(1, 65_536, LayerMemory)]
    public int MlpSize { get; init; } = 3072;

    /// <summary>Attention heads; divides the hidden size.</summary>
    [Within(1, 16_384, LayerMemory)]
    public int Heads { get; init; } = 12;

    /// <summary>Transformer blocks, a multiple of 4.</summary>
    [Within(1, 1024, LayerMemory)]
    public int Layers { get; init; } = 12;

    /// <inheritdoc/>
    public override bool HasStatistics => false;

    internal override BaselineBody CreateBody(Initialisation draw) => new UnetrBody(this, draw);

    private protected override string Architecture => "UNETR";

    private protected override int Multiple => TokenPatch;

    private protected override IEnumerable<Fault> TooLarge() => Limits.Product(
        ["layers", "hidden_size", "mlp_size"],
        (double)Layers * HiddenSize * (4.0 * HiddenSize + 2.0 * MlpSize),
        "parameters", MostParameters, LayerMemory);

    private protected override IEnumerable<Fault> SizeRules()
    {
        if (HiddenSize % Heads != 0) yield return new Fault(["heads", "hidden_size"], $"heads ({Heads}) must divide hidden_size ({HiddenSize})");
        if (Layers % Quarters != 0)
            yield return new Fault(
                "layers",
                $"layers must be a multiple of {Quarters}, as the decoder reads the state after every quarter, not {Layers}");
    }
}
