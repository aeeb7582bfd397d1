using System.Runtime.InteropServices;

namespace PUNet.Core.Common.Files;

/// <summary>Calls of the C library that .NET has no words for.</summary>
internal static class Posix
{
    /// <summary>Relative paths start from the current folder (AT_FDCWD).</summary>
    public const int CurrentFolder = -100;

    /// <summary>A link itself, not what it points to (AT_SYMLINK_NOFOLLOW).</summary>
    public const int LinkItself = 0x100;

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static extern int Status(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] status);

    [DllImport("libc", EntryPoint = "geteuid")]
    public static extern uint EffectiveUser();

    [DllImport("libc", EntryPoint = "umask")]
    public static extern uint SetMask(uint denied);

    [DllImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    public static extern int SetTimes(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, IntPtr times, int flags);
}
