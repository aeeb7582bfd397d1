using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Blocks.Windows;
using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Attention;

/// <summary>The PSWin block: windowed, then shifted-windowed attention, each with its own prompts (method.md, section 2).</summary>
internal sealed class PromptedWindowBlock : nn.Module
{
    [ComponentName(Name = "windowed")] private readonly AttentionSubBlock _windowed;
    [ComponentName(Name = "shifted")] private readonly AttentionSubBlock _shifted;

    private readonly WindowTableCache _tables;

    public PromptedWindowBlock(int channels, AttentionShape shape, WindowTableCache tables, Initialisation initialisation)
        : base(nameof(PromptedWindowBlock))
    {
        _tables = tables;
        _windowed = new AttentionSubBlock(channels, shape, shifted: false, initialisation);
        _shifted = new AttentionSubBlock(channels, shape, shifted: true, initialisation);
        RegisterComponents();
    }

    /// <summary>[B, C, H, W, D] to the same shape.</summary>
    /// <param name="map">Feature map.</param>
    /// <param name="prompts">Prompts of the two sub-blocks; null where the placement has none.</param>
    /// <param name="selection">Which classes; null for a pass without prompts.</param>
    public Tensor forward(Tensor map, PromptPair? prompts, PromptSelection? selection)
    {
        using var scope = NewDisposeScope();
        var extent = new Extent((int)map.shape[2], (int)map.shape[3], (int)map.shape[4]);
        var tables = _tables.For(extent, map.device, map.dtype);
        var grid = tables.Grid;
        var windows = grid.Partition(grid.Pad(map.permute(0, 2, 3, 4, 1)), shifted: false);
        windows = _windowed.forward(windows, prompts?.Windowed, selection, tables);
        windows = grid.Partition(grid.Merge(windows, shifted: false), shifted: true);
        windows = _shifted.forward(windows, prompts?.Shifted, selection, tables);
        return grid.Crop(grid.Merge(windows, shifted: true)).permute(0, 4, 1, 2, 3).MoveToOuterDisposeScope();
    }
}
