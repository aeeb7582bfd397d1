namespace PUNet.Core.Common.Files;

/// <summary>Rights of files and folders that are made, and times that others than the owner may set.</summary>
public static class FileRights
{
    /// <summary>Rights that nothing gets which this process makes from now on (the umask).</summary>
    public static void Deny(UnixFileMode rights)
    {
        if (!OperatingSystem.IsWindows()) _ = Posix.SetMask((uint)rights);
    }

    /// <summary>Sets the time of writing to now. Who may write a file or folder may do so, also where it is another user's.</summary>
    /// <exception cref="IOException">Nothing is there, or the user may not write it.</exception>
    public static void Touch(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        else if (Posix.SetTimes(Posix.CurrentFolder, path, IntPtr.Zero, 0) != 0)
        {
            throw new IOException($"{path} cannot be marked as used now: it is gone, or only readable.");
        }
    }
}
