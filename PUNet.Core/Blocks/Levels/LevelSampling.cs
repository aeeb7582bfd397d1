using PUNet.Core.Common;

namespace PUNet.Core.Blocks.Levels;

/// <summary>Kernel and stride of an encoder level; the decoder step that undoes it uses the same (method.md, section 2, steps 3 and 4).</summary>
/// <param name="Kernel">3 in-plane; in depth 3 or 1.</param>
/// <param name="Stride">2 or 1 per axis.</param>
internal sealed record LevelSampling(Extent Kernel, Extent Stride)
{
    /// <summary>Sampling of a level for patches of <paramref name="depth"/> slices.</summary>
    public static LevelSampling Of(int level, int depth)
    {
        var atLevel = depth / (double)(1 << level);
        var inPlane = level > 0 ? 2 : 1;
        return new LevelSampling(new Extent(3, 3, DepthKernel(atLevel)), new Extent(inPlane, inPlane, level > 0 && atLevel > 1 ? 2 : 1));
    }

    /// <summary>3 where there are at least three slices.</summary>
    public static int DepthKernel(double slices) => slices >= 3 ? 3 : 1;
}
