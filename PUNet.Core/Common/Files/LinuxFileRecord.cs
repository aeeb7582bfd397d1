using System.Globalization;
using System.Runtime.InteropServices;

namespace PUNet.Core.Common.Files;

/// <summary>
/// The record that Linux keeps of a file, <c>struct statx</c> (Linux 4.11, glibc 2.28, musl 1.2.5): one form on every processor.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal partial struct LinuxFileRecord
{
    private const int LinkItself = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint BasicFields = 0x7ff; // STATX_BASIC_STATS
    private const int NoSuchEntry = 2; // ENOENT
    private const int NotAFolder = 20; // ENOTDIR
    private const int TypeMask = 0xF000, FileType = 0x8000, FolderType = 0x4000, LinkType = 0xA000, RightsMask = 0xFFF;

    private static bool _isMissing = !OperatingSystem.IsLinux();

    [FieldOffset(20)] public uint Owner;
    [FieldOffset(28)] private ushort _mode;
    [FieldOffset(32)] public ulong Inode;
    [FieldOffset(40)] public ulong Size;
    [FieldOffset(96)] public Moment Changed;
    [FieldOffset(112)] public Moment Modified;
    [FieldOffset(136)] public uint DeviceMajor;
    [FieldOffset(140)] public uint DeviceMinor;

    /// <summary>What it is; a link itself is special.</summary>
    public readonly FileKind Kind =>
        (_mode & TypeMask) switch { FileType => FileKind.File, FolderType => FileKind.Folder, _ => FileKind.Special };

    /// <summary>Whether it is a symbolic link itself.</summary>
    public readonly bool IsLink => (_mode & TypeMask) == LinkType;

    /// <summary>Rights of the owner, its group and others.</summary>
    public readonly UnixFileMode Rights => (UnixFileMode)(_mode & RightsMask);

    /// <summary>Reads the record of a path.</summary>
    /// <param name="path">A file, folder or link.</param>
    /// <param name="followLinks">True: of what a link points to; false: of the link itself.</param>
    /// <param name="told">The record; null for what is not there.</param>
    /// <returns>False where the system does not answer.</returns>
    public static bool TryRead(string path, bool followLinks, out LinuxFileRecord? told)
    {
        told = null;
        if (_isMissing) return false;
        try
        {
            if (Statx(Posix.CurrentFolder, path, followLinks ? 0 : LinkItself, BasicFields, out var entry) == 0)
            {
                told = entry;
                return true;
            }
            return Marshal.GetLastPInvokeError() is NoSuchEntry or NotAFolder;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            _isMissing = true;
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint fields, out LinuxFileRecord entry);

    /// <summary>A point in time, <c>struct statx_timestamp</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Moment
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;

        /// <summary>Within what .NET can say.</summary>
        public readonly DateTime Utc
        {
            get
            {
                var (first, last) = ((DateTime.MinValue - DateTime.UnixEpoch).Ticks, (DateTime.MaxValue - DateTime.UnixEpoch).Ticks);
                var seconds = Math.Clamp(Seconds, first / TimeSpan.TicksPerSecond, last / TimeSpan.TicksPerSecond);
                return DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond + Nanoseconds / TimeSpan.NanosecondsPerTick);
            }
        }

        public override readonly string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds}.{Nanoseconds:000000000}");
    }
}
