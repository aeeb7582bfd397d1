using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PUNet.Core.Blocks.Windows;

/// <summary>Masks the pairs of one window by the regions of its positions; the default masks nothing.</summary>
/// <param name="regions">[lanes], the region of each position.</param>
/// <param name="multiplies">Pairs of one region become 0; otherwise pairs of two regions become −∞.</param>
internal readonly unsafe struct RegionMask(float* regions, bool multiplies)
{
    private readonly float* _regions = regions;

    /// <summary>Whether it masks nothing.</summary>
    public bool IsEmpty => _regions is null;

    /// <summary>Whether it masks by a factor.</summary>
    public bool Multiplies { get; } = multiplies;

    /// <summary>The scores of a vector of queries with one key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Apply(Vector512<float> scores, int key, int query)
    {
        var same = Vector512.Equals(Vector512.Load(_regions + query), Vector512.Create(_regions[key]));
        return Multiplies
            ? Vector512.ConditionalSelect(same, Vector512<float>.Zero, scores)
            : Vector512.ConditionalSelect(same, scores, Vector512.Create(float.NegativeInfinity));
    }
}
