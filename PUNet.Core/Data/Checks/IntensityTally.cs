using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PUNet.Core.Data.Checks;

/// <summary>
/// Sums up an image block by block in constant memory: a hash of its values, and percentiles from a histogram over the leading bits of
/// the numbers (exact for whole numbers up to 2048, else to one part in 2048).
/// </summary>
internal sealed class IntensityTally : IDisposable
{
    private const int DroppedBits = 12; // of the mantissa's 23; eleven stay
    private readonly long[] _bins = new long[1 << (32 - DroppedBits)];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private float _minimum = float.PositiveInfinity;
    private float _maximum = float.NegativeInfinity;
    private long _finite;
    private long _notFinite;

    public void Add(ReadOnlySpan<float> block)
    {
        _hash.AppendData(MemoryMarshal.AsBytes(block));
        foreach (var value in block)
        {
            if (!float.IsFinite(value))
            {
                _notFinite++;
                continue;
            }
            if (value < _minimum) _minimum = value;
            if (value > _maximum) _maximum = value;
            _bins[Ordered(value) >> DroppedBits]++;
            _finite++;
        }
    }

    /// <summary>Of all blocks so far, in lower-case hexadecimal; starts anew.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <summary>NaN throughout where nothing is finite.</summary>
    public IntensitySummary Summary() => _finite == 0
        ? new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, _notFinite)
        : new(_minimum, Percentile(0.5), Percentile(50), Percentile(99.5), _maximum, _notFinite);

    public void Dispose() => _hash.Dispose();

    private double Percentile(double percent)
    {
        var rank = (long)Math.Floor(percent / 100 * (_finite - 1));
        var bin = 0;
        for (var before = 0L; before + _bins[bin] <= rank; bin++) before += _bins[bin];
        return Math.Clamp(Value((uint)bin << DroppedBits), _minimum, _maximum);
    }

    /// <summary>Bits that grow with the number.</summary>
    private static uint Ordered(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
    }

    /// <summary>The number of a bin that is nearest to zero, which is whole where the bin holds a whole number.</summary>
    private static double Value(uint ordered) => (ordered & 0x80000000) != 0
        ? BitConverter.UInt32BitsToSingle(ordered & 0x7fffffff)
        : BitConverter.UInt32BitsToSingle(~ordered & ~((1u << DroppedBits) - 1));
}
