using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PUNet.Core.Blocks.Windows;

namespace PUNet.Core.Blocks.Attention;

/// <summary>Regions of all windows of a grid in memory that stays where it is, rows padded to whole vectors.</summary>
internal sealed unsafe class RegionLanes
{
    private const float Beyond = -1;

    private readonly float[] _values;
    private readonly bool[] _masks;
    private readonly bool _multiplies;
    private readonly int _lanes;

    /// <param name="regions">[P][N].</param>
    /// <param name="lanes">N rounded up to whole vectors.</param>
    /// <param name="multiplies">See <see cref="RegionMask"/>.</param>
    public RegionLanes(int[][] regions, int lanes, bool multiplies)
    {
        (_multiplies, _lanes) = (multiplies, lanes);
        _values = GC.AllocateArray<float>(regions.Length * lanes, pinned: true);
        _masks = [.. regions.Select(window => multiplies || window.Any(region => region != window[0]))];
        Array.Fill(_values, Beyond);
        for (var p = 0; p < regions.Length; p++)
            for (var n = 0; n < regions[p].Length; n++) _values[p * lanes + n] = regions[p][n];
    }

    /// <summary>The mask of a window; the default where all its positions are one region.</summary>
    public RegionMask Of(int window) => _masks[window]
        ? new RegionMask((float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_values)) + window * _lanes, _multiplies)
        : default;
}
