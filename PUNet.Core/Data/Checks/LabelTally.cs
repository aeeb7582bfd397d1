using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PUNet.Core.Data.Checks;

/// <summary>Counts the values of a label map block by block in constant memory.</summary>
internal sealed class LabelTally : IDisposable
{
    private const float Rounding = 1e-3f;
    private readonly long[] _voxels = new long[ushort.MaxValue + 1];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Voxels that are no label: fractions, negative, too large or not finite.</summary>
    public long NotLabels { get; private set; }

    /// <summary>The first such value.</summary>
    public float Example { get; private set; }

    public void Add(ReadOnlySpan<float> block)
    {
        _hash.AppendData(MemoryMarshal.AsBytes(block));
        foreach (var value in block)
        {
            var label = MathF.Round(value);
            if (label >= 0 && label <= ushort.MaxValue && Math.Abs(value - label) <= Rounding) _voxels[(int)label]++;
            else if (NotLabels++ == 0) Example = value;
        }
    }

    /// <summary>Of all blocks so far, in lower-case hexadecimal; starts anew.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <summary>Voxels of each label that occurs but 0.</summary>
    public IReadOnlyDictionary<int, long> Labels() =>
        Enumerable.Range(1, ushort.MaxValue).Where(label => _voxels[label] > 0).ToDictionary(label => label, label => _voxels[label]);

    public void Dispose() => _hash.Dispose();
}
