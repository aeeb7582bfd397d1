using PUNet.Core.Blocks.Attention;
using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Windows;

/// <summary>
/// How a feature map of one extent is padded, shifted and cut into windows, and back (method.md, sections 1 and 2).
/// Feature maps are channels-last, [B, H, W, D, C]; windows are [B·P, N, C], P windows per element, N positions each.
/// </summary>
internal sealed class WindowGrid
{
    private readonly WindowLayout _layout;
    private readonly long[] _pad;
    private readonly int[] _cropStart;

    /// <param name="content">Extent of the feature map.</param>
    /// <param name="window">The configured window.</param>
    /// <param name="semantics">Layout and padding.</param>
    public WindowGrid(Extent content, Extent window, AttentionSemantics semantics)
    {
        _layout = semantics.WindowLayout;
        Content = content;
        ConfiguredWindow = window;
        Window = Extent.From(axis => Math.Min(window[axis], content[axis]));
        Shift = Extent.From(axis => content[axis] <= window[axis] ? 0 : window[axis] / 2);
        var padding = Padding(semantics.WindowPadding);
        var floorFirst = semantics.WindowPadding == WindowPadding.PerAxisFloorFirst;
        Before = Extent.From(axis => floorFirst ? padding[axis] / 2 : (padding[axis] + 1) / 2);
        Padded = Extent.From(axis => content[axis] + padding[axis]);
        Windows = Extent.From(axis => Padded[axis] / Window[axis]);
        CropStart = Extent.From(axis => padding[axis] / 2);
        _cropStart = CropStart.ToArray();
        _pad = [0, 0, .. new[] { 2, 1, 0 }.SelectMany(axis => new long[] { Before[axis], padding[axis] - Before[axis] })];
    }

    /// <summary>Extent of the feature map.</summary>
    public Extent Content { get; }

    /// <summary>The window of the configuration, which sizes the bias tables.</summary>
    public Extent ConfiguredWindow { get; }

    /// <summary>The window here: shrunk where the feature map is smaller.</summary>
    public Extent Window { get; }

    /// <summary>Half a window; 0 where one window covers the axis.</summary>
    public Extent Shift { get; }

    /// <summary>Zeros before the content.</summary>
    public Extent Before { get; }

    /// <summary>Where the content is taken from after the second sub-block.</summary>
    public Extent CropStart { get; }

    /// <summary>Extent with padding.</summary>
    public Extent Padded { get; }

    /// <summary>Number of windows per axis.</summary>
    public Extent Windows { get; }

    /// <summary>Whether any axis is padded.</summary>
    public bool IsPadded => Padded != Content;

    /// <summary>Whether any axis is shifted.</summary>
    public bool IsShifted => Shift.H + Shift.W + Shift.D > 0;

    /// <summary>Pads a feature map with zeros: [B, H, W, D, C] to [B, H', W', D', C].</summary>
    public Tensor Pad(Tensor map) => IsPadded ? nn.functional.pad(map, _pad) : map.alias();

    /// <summary>Cuts the content out again.</summary>
    public Tensor Crop(Tensor map)
    {
        if (!IsPadded) return map.alias();
        using var scope = NewDisposeScope();
        for (var axis = 0; axis < 3; axis++) map = map.narrow(1 + axis, _cropStart[axis], Content[axis]);
        return map.MoveToOuterDisposeScope();
    }

    /// <summary>[B, H', W', D', C] to [B·P, N, C].</summary>
    public Tensor Partition(Tensor map, bool shifted)
    {
        using var scope = NewDisposeScope();
        var (batch, channels) = (map.shape[0], map.shape[4]);
        if (shifted && IsShifted) map = Roll(map, -1);
        var split = _layout == WindowLayout.Contiguous
            ? map.view(batch, Windows.H, Window.H, Windows.W, Window.W, Windows.D, Window.D, channels).permute(0, 1, 3, 5, 2, 4, 6, 7)
            : map.view(batch, Window.H, Windows.H, Window.W, Windows.W, Window.D, Windows.D, channels).permute(0, 2, 4, 6, 1, 3, 5, 7);
        return split.reshape(batch * Windows.Count, Window.Count, channels).MoveToOuterDisposeScope();
    }

    /// <summary>[B·P, N, C] to [B, H', W', D', C], the inverse of <see cref="Partition"/>.</summary>
    public Tensor Merge(Tensor windows, bool shifted)
    {
        using var scope = NewDisposeScope();
        var (batch, channels) = (windows.shape[0] / Windows.Count, windows.shape[2]);
        var split = windows.view(batch, Windows.H, Windows.W, Windows.D, Window.H, Window.W, Window.D, channels);
        var ordered = _layout == WindowLayout.Contiguous ? split.permute(0, 1, 4, 2, 5, 3, 6, 7) : split.permute(0, 4, 1, 5, 2, 6, 3, 7);
        var map = ordered.reshape(batch, Padded.H, Padded.W, Padded.D, channels);
        if (shifted && IsShifted) map = Roll(map, 1);
        return map.MoveToOuterDisposeScope();
    }

    /// <summary>The position along an axis that offset <paramref name="offset"/> of window <paramref name="window"/> holds.</summary>
    public int Position(int axis, int window, int offset) =>
        _layout == WindowLayout.Contiguous ? window * Window[axis] + offset : window + Windows[axis] * offset;

    private Tensor Roll(Tensor map, int direction)
    {
        var axes = Enumerable.Range(0, 3).Where(axis => Shift[axis] > 0).ToArray();
        return map.roll([.. axes.Select(axis => (long)direction * Shift[axis])], [.. axes.Select(axis => axis + 1L)]);
    }

    private Extent Padding(WindowPadding rule)
    {
        var rest = Extent.From(axis => Content[axis] % Window[axis]);
        if (rule == WindowPadding.PerAxisFloorFirst) return Extent.From(axis => rest[axis] == 0 ? 0 : Window[axis] - rest[axis]);
        var none = rest is { H: 0, W: 0, D: 0 };
        return Extent.From(axis => none || (axis == 2 && ConfiguredWindow.D == 1) ? 0 : Window[axis] - rest[axis]);
    }
}
