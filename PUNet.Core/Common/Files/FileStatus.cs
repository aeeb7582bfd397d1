using System.Globalization;

namespace PUNet.Core.Common.Files;

/// <summary>
/// What the file system tells of a file without reading it, links followed to what they lead to. On Linux it is the system's own
/// record, with the time of the last change of content or attributes (which no program can set) and the identity of the file. Elsewhere
/// size, times of change and creation and the last link's target stand for them, and a pipe cannot be told from a file.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Stamp">Differs as soon as the file was written to, replaced, or a link was led elsewhere; without tabs and line breaks.</param>
/// <param name="LastChange">The later of the times of change of content and attributes, UTC.</param>
public sealed record FileStatus(FileKind Kind, long Length, string Stamp, DateTime LastChange)
{
    private static readonly FileStatus _missing = new(FileKind.Missing, 0, "", DateTime.MinValue);

    /// <summary>Of a path; what is not there has the kind <see cref="FileKind.Missing"/>.</summary>
    public static FileStatus Of(string path)
    {
        try
        {
            if (!LinuxFileRecord.TryRead(path, followLinks: true, out var told)) return Portable(path);
            return told is { } record ? Of(record) : _missing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return _missing;
        }
    }

    private static FileStatus Of(in LinuxFileRecord record)
    {
        var stamp = string.Create(
            CultureInfo.InvariantCulture,
            $"{record.Size} {record.Modified} {record.Changed} {record.Inode} {record.DeviceMajor}:{record.DeviceMinor}");
        var last = record.Changed.Utc > record.Modified.Utc ? record.Changed.Utc : record.Modified.Utc;
        return new FileStatus(record.Kind, (long)record.Size, stamp, last);
    }

    /// <summary>What .NET tells on every system.</summary>
    internal static FileStatus Portable(string path)
    {
        if (Directory.Exists(path)) return new FileStatus(FileKind.Folder, 0, "", Directory.GetLastWriteTimeUtc(path));
        var link = new FileInfo(path);
        var target = link.LinkTarget is null ? link : link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        if (target is not { Exists: true }) return _missing;
        var kind = target.Attributes.HasFlag(FileAttributes.Device) ? FileKind.Special : FileKind.File;
        var (written, made) = (target.LastWriteTimeUtc, target.CreationTimeUtc);
        var place = link == target ? "" : Uri.EscapeDataString(target.FullName);
        var stamp = string.Create(CultureInfo.InvariantCulture, $"{target.Length} {written.Ticks} {made.Ticks} {place}");
        return new FileStatus(kind, target.Length, stamp, written);
    }
}
