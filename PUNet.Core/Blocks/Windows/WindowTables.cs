using PUNet.Core.Blocks.Attention;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Windows;

/// <summary>
/// The constant tensors of a window grid on one device in one precision: masks of both sub-blocks and the incidence of the bias tables.
/// </summary>
internal sealed class WindowTables : IDisposable
{
    private readonly AttentionSemantics _semantics;
    private readonly Device _device;
    private readonly ScalarType _dtype;
    private readonly Dictionary<(bool Shifted, long Prompts), Tensor?> _masks = [];
    private readonly Dictionary<bool, RegionLanes?> _regions = [];

    public WindowTables(WindowGrid grid, AttentionSemantics semantics, Device device, ScalarType dtype)
    {
        (Grid, _semantics, _device, _dtype) = (grid, semantics, device, dtype);
        Incidence = Kept(IncidenceOf(grid));
    }

    /// <summary>The geometry.</summary>
    public WindowGrid Grid { get; }

    /// <summary>
    /// [R, N·N] with R rows of the three relative tables, one after the other: the three rows that make up the score of a pair
    /// (query, key) hold e^−1/2 / 3. The index of a table is k − q + w − 1 with the configured window w.
    /// </summary>
    public Tensor Incidence { get; }

    /// <summary>Whether the mask multiplies the scores (1 keeps, 0 drops) instead of being added (0 keeps, −∞ drops).</summary>
    public bool Multiplies => _semantics.ShiftMask == ShiftMask.MultiplicativeInverted;

    /// <summary>The mask [P, 1, N, prompts + N], prompts first; null where it would change nothing.</summary>
    public Tensor? Mask(bool shifted, long prompts)
    {
        if (!_masks.TryGetValue((shifted, prompts), out var mask)) _masks[(shifted, prompts)] = mask = MaskOf(shifted, prompts);
        return mask;
    }

    /// <summary>The regions that <see cref="FusedAttention"/> masks by; null where that would change nothing.</summary>
    public RegionLanes? Regions(bool shifted, int lanes)
    {
        if (!_regions.TryGetValue(shifted, out var lanesOf))
            _regions[shifted] = lanesOf = RegionsOf(shifted) is { } regions ? new RegionLanes(regions, lanes, Multiplies) : null;
        return lanesOf;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Incidence.Dispose();
        foreach (var mask in _masks.Values) mask?.Dispose();
    }

    private Tensor? MaskOf(bool shifted, long prompts)
    {
        if (RegionsOf(shifted) is not { } regions) return null;
        var (positions, keys) = (Grid.Window.Count, Grid.Window.Count + prompts);
        var values = new float[regions.Length * positions * keys];
        var (same, different, prompt) = Multiplies ? (0f, 1f, 1f) : (0f, float.NegativeInfinity, 0f);
        var at = 0L;
        foreach (var window in regions)
            foreach (var query in window)
            {
                for (var i = 0; i < prompts; i++) values[at++] = prompt;
                foreach (var key in window) values[at++] = key == query ? same : different;
            }
        return Kept((values, [regions.Length, 1, positions, keys]));
    }

    private int[][]? RegionsOf(bool shifted)
    {
        if (Multiplies && !shifted) return null;
        var regions = WindowRegions.Of(Grid, shifted, _semantics.PaddingRegion);
        return Multiplies || regions.Any(window => window.Any(region => region != window[0])) ? regions : null;
    }

    private static (float[] Values, long[] Shape) IncidenceOf(WindowGrid grid)
    {
        var (window, configured, positions) = (grid.Window, grid.ConfiguredWindow, grid.Window.Count);
        var rows = 2 * (configured.H + configured.W + configured.D) - 3;
        var values = new float[rows * positions * positions];
        var share = (float)(BiasScoreTables.Scale / 3);
        for (var query = 0L; query < positions; query++)
            for (var key = 0L; key < positions; key++)
            {
                var pair = query * positions + key;
                var (h, w, d) = (
                    key / (window.W * window.D) - query / (window.W * window.D), key / window.D % window.W - query / window.D % window.W,
                    key % window.D - query % window.D);
                values[(h + configured.H - 1) * positions * positions + pair] = share;
                values[(2 * configured.H - 1 + w + configured.W - 1) * positions * positions + pair] = share;
                values[(2 * (configured.H + configured.W) - 2 + d + configured.D - 1) * positions * positions + pair] = share;
            }
        return (values, [rows, positions * positions]);
    }

    private Tensor Kept((float[] Values, long[] Shape) table)
    {
        using var scope = NewDisposeScope();
        return tensor(table.Values, table.Shape).to(_dtype, _device).DetachFromDisposeScope();
    }
}
