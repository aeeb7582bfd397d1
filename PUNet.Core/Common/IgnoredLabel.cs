namespace PUNet.Core.Common;

/// <summary>The label of voxels that nobody annotated: they take no part in the segmentation loss and in scores.</summary>
public static class IgnoredLabel
{
    /// <summary>Its value in prepared label maps; classes end below it.</summary>
    public const byte Value = 255;
}
