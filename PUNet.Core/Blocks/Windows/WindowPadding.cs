namespace PUNet.Core.Blocks.Windows;

/// <summary>How a feature map is padded to whole windows (method.md, section 1).</summary>
public enum WindowPadding
{
    /// <summary>Each axis by (w − n mod w) mod w, the smaller half before.</summary>
    PerAxisFloorFirst,

    /// <summary>As soon as one axis needs it, every axis by w − n mod w, the larger half before; cropped from the smaller half.</summary>
    AllAxesCeilingFirst,
}
