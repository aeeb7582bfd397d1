using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.SwinUnetr;

/// <summary>
/// How a map is cut into attention windows: an axis no longer than the window is one window and is not shifted; others are
/// zero-padded at their end to whole windows, and rolled by the shift.
/// MONAI: get_window_size, window_partition, window_reverse and compute_mask.
/// </summary>
internal sealed class SwinWindows
{
    private const double Apart = -100; // added to the score of positions that the roll brought together

    private readonly long _height;
    private readonly long _width;
    private readonly long _windowHeight;
    private readonly long _windowWidth;
    private readonly long _shiftHeight;
    private readonly long _shiftWidth;
    private readonly long _rows;
    private readonly long _columns;

    /// <param name="height">Positions of the map.</param>
    /// <param name="width">Positions of the map.</param>
    /// <param name="window">Configured edge of a window.</param>
    /// <param name="shifted">Whether the block is a shifted one, by half a window.</param>
    public SwinWindows(long height, long width, int window, bool shifted)
    {
        (_height, _width) = (height, width);
        (_windowHeight, _windowWidth) = (Math.Min(window, height), Math.Min(window, width));
        (_shiftHeight, _shiftWidth) = (shifted && height > window ? window / 2 : 0, shifted && width > window ? window / 2 : 0);
        (_rows, _columns) = ((height + _windowHeight - 1) / _windowHeight, (width + _windowWidth - 1) / _windowWidth);
    }

    /// <summary>Positions of a window, N.</summary>
    public long Positions => _windowHeight * _windowWidth;

    /// <summary>[B, H, W, C] to windows [B·P, N, C].</summary>
    public Tensor Partition(Tensor map)
    {
        var (after, below) = (_columns * _windowWidth - _width, _rows * _windowHeight - _height);
        var padded = after + below > 0 ? nn.functional.pad(map, [0, 0, 0, after, 0, below]) : map;
        return Cut(IsShifted ? padded.roll([-_shiftHeight, -_shiftWidth], [1, 2]) : padded);
    }

    /// <summary>Windows [B·P, N, C] back to [B, H, W, C].</summary>
    public Tensor Merge(Tensor windows)
    {
        var padded = windows.view(-1, _rows, _columns, _windowHeight, _windowWidth, windows.shape[2])
            .permute(0, 1, 3, 2, 4, 5).reshape(-1, _rows * _windowHeight, _columns * _windowWidth, windows.shape[2]); // [B, H', W', C]
        if (IsShifted) padded = padded.roll([_shiftHeight, _shiftWidth], [1, 2]);
        return padded.narrow(1, 0, _height).narrow(2, 0, _width);
    }

    /// <summary>What is added to the scores of a shifted block [P, 1, N, N]; null where nothing was rolled.</summary>
    public Tensor? Mask(Device device)
    {
        if (!IsShifted) return null;
        var rows = Zones(_rows * _windowHeight, _windowHeight, _shiftHeight);
        var columns = Zones(_columns * _windowWidth, _windowWidth, _shiftWidth);
        var zones = tensor(rows.SelectMany(row => columns.Select(column => 3 * row + column)).ToArray(), device: device)
            .view(1, rows.Length, columns.Length, 1);
        var windows = Cut(zones).squeeze(2); // [P, N]
        return windows.unsqueeze(1).ne(windows.unsqueeze(2)).to_type(ScalarType.Float32).Times(Apart).unsqueeze(1);
    }

    private bool IsShifted => _shiftHeight + _shiftWidth > 0;

    private Tensor Cut(Tensor map) =>
        map.reshape(-1, _rows, _windowHeight, _columns, _windowWidth, map.shape[3])
            .permute(0, 1, 3, 2, 4, 5).reshape(-1, Positions, map.shape[3]); // [B, P_h, P_w, w_h, w_w, C] → [B·P, N, C]

    /// <summary>The zone of each position after the roll: before the last window, in it, and what was rolled in from the start.</summary>
    private static long[] Zones(long length, long window, long shift) =>
        [.. Enumerable.Range(0, (int)length).Select(i => shift == 0 || i < length - window ? 0L : i < length - shift ? 1 : 2)];
}
