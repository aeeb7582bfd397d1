using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Losses;

/// <summary>Reduced grids of positions for the prototype assignment (method.md, section 3).</summary>
internal static class Grid
{
    private const long ElementsOnCpu = 1L << 20; // stays in the cache
    private const long ElementsOnGpu = 1L << 26;

    /// <summary><c>⌊size / reduction⌋</c>, at least 1, per axis of [B, C, h, w, d].</summary>
    public static Extent Reduced(Tensor map, double reduction) => Extent.From(axis => Math.Max(1, (int)Math.Floor(map.shape[axis + 2] / reduction)));

    /// <summary>
    /// Resamples [B, C, h, w, d] on the regular grid of an identity transform and lists the positions [B, v, C] in C-order. Between
    /// cell centres (align_corners = false) the published grid sampling and linear interpolation read the same places.
    /// </summary>
    public static Tensor Positions(Tensor map, Extent target)
    {
        using var scope = NewDisposeScope();
        var resampled = map.shape[4] == target.D // in-plane: the cheaper kernel, depth as channels
            ? nn.functional.interpolate(
                map.permute(0, 1, 4, 2, 3).flatten(1, 2), [target.H, target.W], mode: InterpolationMode.Bilinear, align_corners: false)
                .reshape(map.shape[0], map.shape[1], target.D, target.H * target.W).transpose(2, 3) // [B, C·D, H, W] → [B, C, H·W, D]
            : nn.functional.interpolate(map, [target.H, target.W, target.D], mode: InterpolationMode.Trilinear, align_corners: false);
        return resampled.flatten(2).transpose(1, 2).contiguous().MoveToOuterDisposeScope(); // [B, C, v] → [B, v, C]
    }

    /// <summary>Cuts the jitter's elements off the in-plane borders.</summary>
    /// <exception cref="ArgumentException">Nothing would be left.</exception>
    public static Tensor Cut(Tensor map, BorderJitter jitter)
    {
        var (h, w) = (map.shape[2] - jitter.Top - jitter.Bottom, map.shape[3] - jitter.Left - jitter.Right);
        if (h < 1 || w < 1) throw new ArgumentException($"{jitter} leaves nothing of a map of {map.shape[2]}×{map.shape[3]}.", nameof(jitter));
        return map.narrow(2, jitter.Top, h).narrow(3, jitter.Left, w);
    }

    /// <summary>Runs of crops whose maps of so many elements each fit together into memory that is fast.</summary>
    public static IEnumerable<(long First, long Count)> Chunks(long crops, long elementsPerCrop, Device device)
    {
        var most = Math.Max(1, (device.type == DeviceType.CPU ? ElementsOnCpu : ElementsOnGpu) / elementsPerCrop);
        for (var first = 0L; first < crops; first += most) yield return (first, Math.Min(most, crops - first));
    }
}
