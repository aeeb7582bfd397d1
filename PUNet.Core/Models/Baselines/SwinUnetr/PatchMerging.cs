using PUNet.Core.Blocks;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.SwinUnetr;

/// <summary>Halves a map: four neighbours become one position of twice the channels. MONAI: PatchMerging.</summary>
internal sealed class PatchMerging : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "reduction")] private readonly LinearLayer _reduction;
    [ComponentName(Name = "norm")] private readonly LayerNorm _norm;

    public PatchMerging(int channels, Initialisation draw) : base(nameof(PatchMerging))
    {
        _reduction = new LinearLayer(4 * channels, 2 * channels, false, draw);
        _norm = nn.LayerNorm(4 * channels);
        RegisterComponents();
    }

    /// <summary>[B, H, W, C] to [B, H/2, W/2, 2C]; both sizes are even.</summary>
    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        var (b, h, w, c) = (map.shape[0], map.shape[1] / 2, map.shape[2] / 2, map.shape[3]);
        var neighbours = map.view(b, h, 2, w, 2, c).permute(0, 1, 3, 4, 2, 5).reshape(b, h, w, 4 * c); // columns before rows: (0,0) (1,0) (0,1) (1,1)
        return _reduction.forward(_norm.forward(neighbours)).MoveToOuterDisposeScope();
    }
}
