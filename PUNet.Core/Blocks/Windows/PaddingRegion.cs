namespace PUNet.Core.Blocks.Windows;

/// <summary>Which region the padding of a feature map belongs to (method.md, section 1).</summary>
public enum PaddingRegion
{
    /// <summary>Padding is a region of its own, shifted with the content, in both sub-blocks.</summary>
    OwnRegion,

    /// <summary>Where there is any padding, a fixed box of the content's extent is one region; the unshifted sub-block knows none.</summary>
    FixedContentRegion,
}
