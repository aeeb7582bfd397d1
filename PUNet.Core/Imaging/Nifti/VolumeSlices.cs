using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PUNet.Core.Common;

namespace PUNet.Core.Imaging.Nifti;

/// <summary>
/// Consecutive slices of a C-order volume (axis 2 fastest), to be filled from file order (axis 0 fastest). Works on tiles that stay in
/// the cache: a line of the file is read once, and as few lines of the volume as possible are touched twice.
/// </summary>
/// <param name="Volume">C-order [H, W, D].</param>
/// <param name="Extent">H, W, D of the volume.</param>
/// <param name="First">Index of the first slice.</param>
internal readonly record struct VolumeSlices<T>(T[] Volume, Extent Extent, int First) where T : unmanaged
{
    /// <summary>Slices at a time for which a volume is filled fastest: two cache lines of floats.</summary>
    public const int Best = 32;

    /// <summary>A cache line of 16-bit numbers.</summary>
    private const int Rows = 32;

    /// <summary>Fills as many whole slices as there are numbers for.</summary>
    public void Fill<TStored, TConversion>(ReadOnlySpan<TStored> stored, TConversion conversion)
        where TStored : unmanaged
        where TConversion : struct, INumberConversion<TStored, T>
    {
        var slice = Extent.H * Extent.W;
        var count = stored.Length / slice;
        Span<T> tile = stackalloc T[Rows * Best]; // [slices, rows]
        for (var d = 0; d < count; d += Best)
            for (var w = 0; w < Extent.W; w++)
                for (var h = 0; h < Extent.H; h += Rows)
                {
                    var (rows, slices) = (Math.Min(Rows, Extent.H - h), Math.Min(Best, count - d));
                    for (var s = 0; s < slices; s++)
                        conversion.Convert(stored.Slice((d + s) * slice + w * Extent.H + h, rows), tile.Slice(s * Rows, rows));
                    Transpose(tile, rows, slices, ((long)h * Extent.W + w) * Extent.D + First + d);
                }
    }

    /// <summary>Writes a tile's columns into lines of the volume, the first at <paramref name="at"/>, each a row (W·D voxels) apart.</summary>
    private void Transpose(ReadOnlySpan<T> tile, int rows, int slices, long at)
    {
        var step = (long)Extent.W * Extent.D;
        var done = 0;
        if (typeof(T) == typeof(float) && TileTransposition.IsSupported)
        {
            done = rows & ~3;
            var floats = MemoryMarshal.Cast<T, float>(tile);
            var volume = (float[])(object)Volume;
            for (var r = 0; r < done; r += 4) TileTransposition.FourRows(floats[r..], Rows, volume, at + r * step, step, slices);
        }
        for (var r = done; r < rows; r++)
        {
            var line = Volume.AsSpan((int)(at + r * step), slices);
            ref var column = ref Unsafe.AsRef(in tile[r]);
            for (var s = 0; s < line.Length; s++) line[s] = Unsafe.Add(ref column, s * Rows);
        }
    }
}
