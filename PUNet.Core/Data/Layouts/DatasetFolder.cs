using PUNet.Core.Common.Files;

namespace PUNet.Core.Data.Layouts;

/// <summary>A dataset's folder while it is listed: looks only where it is asked to, and keeps account of the tables that were read.</summary>
internal sealed class DatasetFolder(string path)
{
    private readonly SortedSet<string> _tables = new(StringComparer.Ordinal);

    /// <summary>Absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Absolute paths of the tables that were read.</summary>
    public IReadOnlyCollection<string> Tables => _tables;

    /// <summary>Absolute path of what is named as seen from the folder; <c>..</c> is followed.</summary>
    public string At(string name) => System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, name));

    /// <summary>A folder below that must be there.</summary>
    /// <exception cref="DatasetException">It is not.</exception>
    public string Folder(string name, string rule)
    {
        var folder = At(name);
        return Directory.Exists(folder) ? folder : throw new DatasetException(folder, $"There is no such folder. {rule}");
    }

    /// <summary>Absolute path of a table that is about to be read.</summary>
    /// <exception cref="DatasetException">It is not there, or no file.</exception>
    public string Table(string name, string rule)
    {
        var table = At(name);
        if (WhyNotReadable(table) is { } problem) throw new DatasetException(table, $"{problem} {rule}");
        _tables.Add(table);
        return table;
    }

    /// <summary>Why a path cannot be opened as a file; null where it can.</summary>
    public static string? WhyNotReadable(string path) => FileStatus.Of(path).Kind switch
    {
        FileKind.File => null,
        FileKind.Missing => "There is no such file.",
        FileKind.Folder => "is a folder where a file is expected.",
        _ => "is a pipe, socket or device where a file is expected; it is not waited for. Move it away.",
    };
}
