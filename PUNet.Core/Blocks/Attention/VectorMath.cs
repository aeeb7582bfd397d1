using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PUNet.Core.Blocks.Attention;

/// <summary>Sixteen single-precision lanes at a time.</summary>
internal static class VectorMath
{
    private const float Lowest = -87.33f; // e^x leaves the normal range below
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e^x for x ≤ 0, to one unit in the last place or two; exactly 0 below the normal range and for −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        var lowest = Vector512.Create(Lowest);
        var bounded = Vector512.Max(x, lowest);
        var n = Vector512.Floor(Fma(bounded, Vector512.Create(Log2E), Vector512.Create(0.5f)));
        var r = Fma(n, Vector512.Create(-Ln2Low), Fma(n, Vector512.Create(-Ln2High), bounded)); // |r| ≤ ln 2 / 2: Taylor to r⁷
        var y = Vector512.Create(1f / 5040);
        y = Fma(y, r, Vector512.Create(1f / 720));
        y = Fma(y, r, Vector512.Create(1f / 120));
        y = Fma(y, r, Vector512.Create(1f / 24));
        y = Fma(y, r, Vector512.Create(1f / 6));
        y = Fma(y, r, Vector512.Create(0.5f));
        y = Fma(y, r, Vector512.Create(1f));
        y = Fma(y, r, Vector512.Create(1f));
        var power = Vector512.ShiftLeft(Vector512.ConvertToInt32Native(n) + Vector512.Create(127), 23).AsSingle();
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, lowest), y * power, Vector512<float>.Zero);
    }

    /// <summary>a·b + c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Fma(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.MultiplyAddEstimate(a, b, c);
}
