namespace PUNet.Core.Blocks.Windows;

/// <summary>How the positions of a feature map are grouped into windows (method.md, section 1).</summary>
public enum WindowLayout
{
    /// <summary>Window i holds the neighbours i·w … i·w + w − 1 of every axis.</summary>
    Contiguous,

    /// <summary>With m windows on an axis, window i holds the positions i + m·j, j = 0 … w − 1.</summary>
    Dilated,
}
