using PUNet.Core.Blocks;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.SwinUnetr;

/// <summary>
/// The shifted-window transformer of SwinUNETR: maps at a half to a thirty-second of the image's resolution.
/// MONAI: SwinTransformer.
/// </summary>
internal sealed class SwinTransformer : nn.Module
{
    [ComponentName(Name = "patch_embed")] private readonly PatchEmbedding _embedding;
    [ComponentName(Name = "layers1")] private readonly ModuleList<SwinStage> _first;
    [ComponentName(Name = "layers2")] private readonly ModuleList<SwinStage> _second;
    [ComponentName(Name = "layers3")] private readonly ModuleList<SwinStage> _third;
    [ComponentName(Name = "layers4")] private readonly ModuleList<SwinStage> _fourth;

    public SwinTransformer(SwinUnetrConfiguration configuration, Initialisation draw) : base(nameof(SwinTransformer))
    {
        _embedding = new PatchEmbedding(configuration.InChannels, configuration.FeatureSize, draw);
        (_first, _second, _third, _fourth) = (Stage(0), Stage(1), Stage(2), Stage(3));
        RegisterComponents();

        ModuleList<SwinStage> Stage(int stage) => new(
            new SwinStage(configuration.FeatureSize << stage, configuration.Heads[stage], configuration.Depths[stage], configuration.Window, draw));
    }

    /// <summary>Five maps, each normalised over its channels: [B, C·2^i, H/2^(i+1), W/2^(i+1)], i from 0.</summary>
    /// <param name="slices">[B, C_in, H, W].</param>
    public IReadOnlyList<Tensor> forward(Tensor slices)
    {
        using var scope = NewDisposeScope();
        var map = _embedding.forward(slices);
        var maps = new List<Tensor> { Normalised(map) };
        foreach (var stage in new[] { _first, _second, _third, _fourth }) maps.Add(Normalised(map = stage[0].forward(map)));
        return maps;
    }

    /// <summary>[B, H, W, C] to [B, C, H, W].</summary>
    private static Tensor Normalised(Tensor map) =>
        nn.functional.layer_norm(map, [map.shape[3]]).permute(0, 3, 1, 2).contiguous().MoveToOuterDisposeScope();
}
