using System.Globalization;
using System.Runtime.InteropServices;

namespace PUNet.Core.Common.Files;

/// <summary>The record that Linux keeps of a file, by <c>statx</c> (Linux 4.11, glibc 2.28, musl 1.2.5): one form on every processor.</summary>
internal static partial class LinuxFileStatus
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint BasicFields = 0x7ff; // STATX_BASIC_STATS
    private const int NoSuchEntry = 2; // ENOENT
    private const int NotAFolder = 20; // ENOTDIR
    private const long TicksPerSecond = TimeSpan.TicksPerSecond;
    private const long NanosecondsPerTick = TimeSpan.NanosecondsPerTick;

    private static bool _isMissing = !OperatingSystem.IsLinux();

    /// <summary>False where the system does not answer; null for what is not there.</summary>
    public static bool TryRead(string path, out FileStatus? told)
    {
        told = null;
        if (_isMissing) return false;
        try
        {
            if (Statx(CurrentFolder, path, 0, BasicFields, out var entry) == 0)
            {
                told = Status(entry);
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

    private static FileStatus Status(in Entry entry)
    {
        var kind = (entry.Mode & 0xf000) switch { 0x8000 => FileKind.File, 0x4000 => FileKind.Folder, _ => FileKind.Special };
        var stamp = string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Size} {entry.Modified} {entry.Changed} {entry.Inode} {entry.DeviceMajor}:{entry.DeviceMinor}");
        var last = entry.Changed.Utc > entry.Modified.Utc ? entry.Changed.Utc : entry.Modified.Utc;
        return new FileStatus(kind, (long)entry.Size, stamp, last);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint fields, out Entry entry);

    /// <summary>A point in time.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Moment
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
                var seconds = Math.Clamp(Seconds, first / TicksPerSecond, last / TicksPerSecond);
                return DateTime.UnixEpoch.AddTicks(seconds * TicksPerSecond + Nanoseconds / NanosecondsPerTick);
            }
        }

        public override readonly string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds}.{Nanoseconds:000000000}");
    }

    /// <summary><c>struct statx</c>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Entry
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(96)] public Moment Changed;
        [FieldOffset(112)] public Moment Modified;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
