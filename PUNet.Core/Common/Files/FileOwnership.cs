namespace PUNet.Core.Common.Files;

/// <summary>Whose a file or folder is, and where it lies, as far as .NET itself does not tell. Known on Linux only.</summary>
/// <param name="Owner">Number of the user who owns it.</param>
/// <param name="Mode">Rights of the owner, its group and others.</param>
/// <param name="IsLink">Whether it is a symbolic link itself; never so where links are followed.</param>
/// <param name="Device">The file system that it lies on.</param>
public sealed record FileOwnership(uint Owner, UnixFileMode Mode, bool IsLink, ulong Device)
{
    private static readonly UnixFileMode _othersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The number of the user whose rights this process has.</summary>
    public static uint CurrentUser => OperatingSystem.IsWindows() ? 0 : Posix.EffectiveUser();

    /// <summary>Whether the current user owns it and nobody else can write it.</summary>
    public bool IsOursAlone => Owner == CurrentUser && !IsLink && (Mode & _othersWrite) == 0;

    /// <summary>What is known of a path; null where there is nothing, or where the system does not tell.</summary>
    /// <param name="path">A file, folder or link.</param>
    /// <param name="followLinks">True: what a link points to; false: the link itself.</param>
    public static FileOwnership? Of(string path, bool followLinks) =>
        LinuxFileRecord.TryRead(path, followLinks, out var told) && told is { } record
            ? new FileOwnership(record.Owner, record.Rights, record.IsLink, ((ulong)record.DeviceMajor << 32) | record.DeviceMinor)
            : null;
}
