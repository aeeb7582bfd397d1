using System.Runtime.InteropServices;

namespace PUNet.Core.Common.Files;

/// <summary>Calls of the C library that .NET has no words for.</summary>
internal static class Posix
{
    /// <summary>Relative paths start from the current folder (AT_FDCWD).</summary>
    public const int CurrentFolder = -100;

    [DllImport("libc", EntryPoint = "geteuid")]
    public static extern uint EffectiveUser();

    [DllImport("libc", EntryPoint = "umask")]
    public static extern uint SetMask(uint denied);

    [DllImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    public static extern int SetTimes(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, IntPtr times, int flags);
}
