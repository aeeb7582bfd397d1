using PUNet.Core.Blocks;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.SwinUnetr;

/// <summary>Blocks of one resolution, and the merging that leads to the next. MONAI: BasicLayer.</summary>
internal sealed class SwinStage : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "blocks")] private readonly ModuleList<SwinBlock> _blocks = new();
    [ComponentName(Name = "downsample")] private readonly PatchMerging _merging;

    public SwinStage(int channels, int heads, int depth, int window, Initialisation draw) : base(nameof(SwinStage))
    {
        for (var block = 0; block < depth; block++) _blocks.Add(new SwinBlock(channels, heads, window, block % 2 == 1, draw));
        _merging = new PatchMerging(channels, draw);
        RegisterComponents();
    }

    /// <summary>[B, H, W, C] to [B, H/2, W/2, 2C].</summary>
    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        var content = map;
        foreach (var block in _blocks) content = block.forward(content);
        return _merging.forward(content).MoveToOuterDisposeScope();
    }
}
