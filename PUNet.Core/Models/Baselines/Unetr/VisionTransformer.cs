using PUNet.Core.Blocks;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.Unetr;

/// <summary>The vision transformer of UNETR, and the states its decoder reads. MONAI: ViT.</summary>
internal sealed class VisionTransformer : nn.Module
{
    [ComponentName(Name = "patch_embedding")] private readonly TokenEmbedding _embedding;
    [ComponentName(Name = "blocks")] private readonly ModuleList<TransformerBlock> _blocks = new();
    [ComponentName(Name = "norm")] private readonly LayerNorm _norm;

    public VisionTransformer(UnetrConfiguration configuration, Initialisation draw) : base(nameof(VisionTransformer))
    {
        _embedding = new TokenEmbedding(configuration, draw);
        for (var layer = 0; layer < configuration.Layers; layer++)
            _blocks.Add(new TransformerBlock(configuration.HiddenSize, configuration.MlpSize, configuration.Heads, draw));
        _norm = nn.LayerNorm(configuration.HiddenSize);
        RegisterComponents();
    }

    /// <inheritdoc cref="TokenEmbedding.Check"/>
    public void Check(long height, long width) => _embedding.Check(height, width);

    /// <summary>
    /// The states as maps [B, E, H/16, W/16]: the inputs of the blocks that begin the second, third and fourth quarter are taken one
    /// block later, as published (the outputs of blocks 3, 6 and 9 of 12, counted from 0), and the normalised last one.
    /// </summary>
    /// <param name="slices">[B, C_in, H, W].</param>
    public IReadOnlyList<Tensor> forward(Tensor slices)
    {
        using var scope = NewDisposeScope();
        var (h, w) = (slices.shape[2] / UnetrConfiguration.TokenPatch, slices.shape[3] / UnetrConfiguration.TokenPatch);
        var quarter = _blocks.Count / UnetrConfiguration.Quarters;
        var states = new List<Tensor>();
        var tokens = _embedding.forward(slices);
        for (var layer = 0; layer < _blocks.Count; layer++)
        {
            tokens = _blocks[layer].forward(tokens);
            if (layer > 0 && layer % quarter == 0) states.Add(Map(tokens, h, w));
        }
        states.Add(Map(_norm.forward(tokens), h, w));
        return states;
    }

    private static Tensor Map(Tensor tokens, long h, long w) =>
        tokens.transpose(1, 2).reshape(tokens.shape[0], tokens.shape[2], h, w).MoveToOuterDisposeScope(); // [B, h·w, E] → [B, E, h, w]
}
