using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PUNet.Core.Imaging.Nifti;

/// <summary>16-bit numbers as floats, eight at a time: CT is nearly always stored so.</summary>
internal static class Widening
{
    /// <summary>Converts from the start as many as fill whole vectors; returns how many.</summary>
    public static int ToFloats(ReadOnlySpan<short> stored, Span<float> converted)
    {
        var whole = Math.Min(stored.Length, converted.Length) & ~(Vector128<short>.Count - 1);
        ref var from = ref MemoryMarshal.GetReference(stored);
        ref var to = ref MemoryMarshal.GetReference(converted);
        for (var i = 0; i < whole; i += Vector128<short>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)i));
            Vector128.ConvertToSingle(low).StoreUnsafe(ref to, (nuint)i);
            Vector128.ConvertToSingle(high).StoreUnsafe(ref to, (nuint)(i + Vector128<int>.Count));
        }
        return whole;
    }
}
