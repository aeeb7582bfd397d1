namespace PUNet.Core.Common.Files;

/// <summary>Whose a file or folder is, and where it lies, as far as .NET itself does not tell. Known on Linux only.</summary>
/// <param name="Owner">Number of the user who owns it.</param>
/// <param name="Mode">Rights of the owner, its group and others.</param>
/// <param name="IsLink">Whether it is a symbolic link itself; never so where links are followed.</param>
/// <param name="Device">The file system that it lies on.</param>
public sealed record FileOwnership(uint Owner, UnixFileMode Mode, bool IsLink, ulong Device)
{
    private const uint BasicStatus = 0x7ff;
    private const int TypeMask = 0xF000, LinkType = 0xA000, RightsMask = 0xFFF;
    private const int StructLength = 256, OwnerAt = 20, ModeAt = 28, MajorAt = 136, MinorAt = 140; // struct statx

    private static readonly UnixFileMode _othersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The number of the user whose rights this process has.</summary>
    public static uint CurrentUser => OperatingSystem.IsWindows() ? 0 : Posix.EffectiveUser();

    /// <summary>Whether the current user owns it and nobody else can write it.</summary>
    public bool IsOursAlone => Owner == CurrentUser && !IsLink && (Mode & _othersWrite) == 0;

    /// <summary>What is known of a path; null where there is nothing, or where the system does not tell.</summary>
    /// <param name="path">A file, folder or link.</param>
    /// <param name="followLinks">True: what a link points to; false: the link itself.</param>
    public static FileOwnership? Of(string path, bool followLinks)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var status = new byte[StructLength];
        if (Posix.Status(Posix.CurrentFolder, path, followLinks ? 0 : Posix.LinkItself, BasicStatus, status) != 0) return null;
        var mode = BitConverter.ToUInt16(status, ModeAt);
        return new FileOwnership(
            Owner: BitConverter.ToUInt32(status, OwnerAt),
            Mode: (UnixFileMode)(mode & RightsMask),
            IsLink: (mode & TypeMask) == LinkType,
            Device: ((ulong)BitConverter.ToUInt32(status, MajorAt) << 32) | BitConverter.ToUInt32(status, MinorAt));
    }
}
