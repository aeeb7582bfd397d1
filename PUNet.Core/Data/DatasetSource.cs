using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging.Nifti;

namespace PUNet.Core.Data;

/// <summary>
/// A dataset on disk as it was listed once: its subjects, what its own tables say, and every file that may be opened for it, with the
/// hash of its content. What reads the dataset opens files through it, so nothing is read that was not hashed.
/// </summary>
public sealed record DatasetSource
{
    private readonly IReadOnlyDictionary<string, string> _hashes;

    /// <summary>Hashes the tables and the files of the subjects.</summary>
    internal DatasetSource(
        string folder,
        IReadOnlyList<SubjectFiles> subjects,
        IReadOnlyDictionary<int, string>? labels,
        IEnumerable<string> tables,
        Func<string, string> hash)
    {
        (Folder, Subjects, Labels) = (folder, subjects, labels);
        var files = tables.Concat(subjects.SelectMany(subject => NiftiFile.FilesOf(subject.ImagePath).Concat(NiftiFile.FilesOf(subject.LabelPath))));
        _hashes = files.Distinct().ToDictionary(path => path, hash);
    }

    /// <summary>The dataset's folder, absolute.</summary>
    public string Folder { get; }

    /// <summary>Its annotated subjects.</summary>
    public IReadOnlyList<SubjectFiles> Subjects { get; init; }

    /// <summary>Label values and names that the dataset's own description gives; null where there is none.</summary>
    public IReadOnlyDictionary<int, string>? Labels { get; }

    /// <summary>Every file that may be opened, by <see cref="NameOf"/>, with its hash (SHA-256), in ordinal order.</summary>
    public IReadOnlyList<(string Name, string Sha256)> Files =>
        [.. _hashes.Select(entry => (Name: NameOf(entry.Key), Sha256: entry.Value)).OrderBy(file => file.Name, StringComparer.Ordinal)];

    /// <summary>The subjects with their files as seen from the dataset's folder.</summary>
    public IReadOnlyList<SubjectFiles> NamedSubjects =>
        [.. Subjects.Select(subject => subject with { ImagePath = NameOf(subject.ImagePath), LabelPath = NameOf(subject.LabelPath) })];

    /// <summary>Subjects whose files are nobody's dataset: their files as they are now.</summary>
    /// <exception cref="ImageFileException">A file is missing or may not be read.</exception>
    public static DatasetSource Of(IReadOnlyList<SubjectFiles> subjects) => new(Directory.GetCurrentDirectory(), subjects, null, [], Hash);

    /// <summary>A file as seen from the dataset's folder, with forward slashes: the same wherever the folder lies.</summary>
    public string NameOf(string path) => Path.GetRelativePath(Folder, path).Replace('\\', '/');

    /// <summary>Opens an image or label map.</summary>
    /// <exception cref="InvalidOperationException">It was not listed.</exception>
    /// <exception cref="ImageFileException">See <see cref="NiftiFile.Open"/>.</exception>
    public NiftiFile Open(string path)
    {
        foreach (var file in NiftiFile.FilesOf(path)) Listed(file);
        return NiftiFile.Open(path);
    }

    /// <summary>An image or label map as it was listed.</summary>
    /// <exception cref="InvalidOperationException">It was not.</exception>
    public SourceFile Origin(string path)
    {
        var parts = NiftiFile.FilesOf(path).Select(file => new SourceFile(Path.GetFileName(file), Listed(file))).ToList();
        return parts.Count == 1 ? parts[0] : parts[0] with { Data = parts[1] };
    }

    /// <summary>Makes sure, after it was read, that an image or label map still is what was listed.</summary>
    /// <exception cref="ImageFileException">Something wrote to it in the meantime.</exception>
    public SourceFile Unchanged(string path)
    {
        foreach (var file in NiftiFile.FilesOf(path))
            if (Hash(file) != Listed(file))
                throw new ImageFileException(
                    file, "was changed while the dataset was prepared; of what was read nothing is kept. Run again once nothing writes to it.");
        return Origin(path);
    }

    private string Listed(string path) => _hashes.TryGetValue(path, out var hash)
        ? hash
        : throw new InvalidOperationException(
            $"{path} was not listed as a file of the dataset in {Folder}; only listed files are opened, since only they are hashed.");

    private static string Hash(string path)
    {
        try
        {
            return FileHash.Of(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageFileException(path, $"cannot be read: {e.Message}", e);
        }
    }
}
