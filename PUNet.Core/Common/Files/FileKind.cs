namespace PUNet.Core.Common.Files;

/// <summary>What lies under a path, links followed.</summary>
public enum FileKind
{
    /// <summary>Nothing, a link to nothing, or something in a folder that may not be searched.</summary>
    Missing,

    /// <summary>A regular file: bytes that can be read again and again.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe, socket or device: reading it may wait for ever and gives other bytes each time.</summary>
    Special,
}
