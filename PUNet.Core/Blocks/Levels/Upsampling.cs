using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Levels;

/// <summary>Trilinear upsampling (align_corners = false), cropped at the end of every axis (method.md, section 2, step 4).</summary>
internal static class Upsampling
{
    /// <summary>[B, C, H, W, D] by <paramref name="factor"/>, cropped to [B, C, <paramref name="target"/>].</summary>
    public static Tensor Linear(Tensor map, Extent factor, Extent target)
    {
        using var scope = NewDisposeScope();
        var upsampled = map.shape[4] == 1 && factor.D == 1
            ? nn.functional.interpolate(
                map.squeeze(4), [map.shape[2] * factor.H, map.shape[3] * factor.W], mode: InterpolationMode.Bilinear,
                align_corners: false).unsqueeze(4)
            : nn.functional.interpolate(
                map, [map.shape[2] * factor.H, map.shape[3] * factor.W, map.shape[4] * factor.D], mode: InterpolationMode.Trilinear,
                align_corners: false);
        for (var axis = 0; axis < 3; axis++)
            if (upsampled.shape[2 + axis] > target[axis]) upsampled = upsampled.narrow(2 + axis, 0, target[axis]);
        return upsampled.MoveToOuterDisposeScope();
    }
}
