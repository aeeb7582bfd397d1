using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PUNet.Core.Imaging.Nifti;

/// <summary>Transposes tiles of floats in registers, four by four.</summary>
internal static class TileTransposition
{
    /// <summary>Whether this processor has what it takes.</summary>
    public static bool IsSupported => Sse.IsSupported;

    /// <summary>Writes four neighbouring columns of a tile as four lines.</summary>
    /// <param name="tile">From the first column on; at least <paramref name="slices"/> rows of <paramref name="width"/>.</param>
    /// <param name="width">Floats from one of its rows to the next.</param>
    /// <param name="volume">Where the lines lie.</param>
    /// <param name="at">Where the first line begins.</param>
    /// <param name="step">From one line to the next.</param>
    /// <param name="slices">Length of the lines.</param>
    public static void FourRows(ReadOnlySpan<float> tile, int width, float[] volume, long at, long step, int slices)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(at + 3 * step + slices, volume.LongLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((slices - 1) * width + 4, tile.Length);
        ref var from = ref MemoryMarshal.GetReference(tile);
        ref var to = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(volume), (nint)at);
        var s = 0;
        for (; s + 4 <= slices; s += 4)
        {
            var a = Vector128.LoadUnsafe(ref from, (nuint)(s * width));
            var b = Vector128.LoadUnsafe(ref from, (nuint)((s + 1) * width));
            var c = Vector128.LoadUnsafe(ref from, (nuint)((s + 2) * width));
            var d = Vector128.LoadUnsafe(ref from, (nuint)((s + 3) * width));
            var (ab, cd) = (Sse.UnpackLow(a, b), Sse.UnpackLow(c, d));
            Sse.MoveLowToHigh(ab, cd).StoreUnsafe(ref to, (nuint)s);
            Sse.MoveHighToLow(cd, ab).StoreUnsafe(ref to, (nuint)(step + s));
            (ab, cd) = (Sse.UnpackHigh(a, b), Sse.UnpackHigh(c, d));
            Sse.MoveLowToHigh(ab, cd).StoreUnsafe(ref to, (nuint)(2 * step + s));
            Sse.MoveHighToLow(cd, ab).StoreUnsafe(ref to, (nuint)(3 * step + s));
        }
        for (; s < slices; s++)
            for (var r = 0; r < 4; r++) Unsafe.Add(ref to, (nint)(r * step + s)) = Unsafe.Add(ref from, s * width + r);
    }
}
