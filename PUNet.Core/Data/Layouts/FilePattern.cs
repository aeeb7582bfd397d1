namespace PUNet.Core.Data;

/// <summary>A file name with one place for the subject's id, for example {id}_ct; .nii.gz and .nii are both accepted.</summary>
internal sealed class FilePattern
{
    private const string Place = "{id}";
    private static readonly string[] _endings = [".nii.gz", ".nii"];

    private readonly string _before;
    private readonly string _after;

    /// <exception cref="ArgumentException">Not exactly one {id}.</exception>
    public FilePattern(string pattern)
    {
        var parts = pattern.Split(Place);
        if (parts.Length != 2) throw new ArgumentException($"A file pattern has {Place} exactly once; given '{pattern}'.", nameof(pattern));
        (_before, _after) = (parts[0], parts[1]);
        foreach (var ending in _endings)
            if (_after.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) _after = _after[..^ending.Length];
    }

    /// <summary>Ids of the files of a folder that follow the pattern, with their paths.</summary>
    public IEnumerable<(string Id, string Path)> Match(string folder) =>
        from path in Directory.EnumerateFiles(folder)
        let id = Id(Path.GetFileName(path))
        where id is not null
        select (id, path);

    /// <summary>The id of a file by its path; null where its name does not follow the pattern.</summary>
    public string? Match(FileInfo file) => Id(file.Name);

    /// <summary>True where a file's name follows the pattern.</summary>
    public bool Fits(string path) => Id(Path.GetFileName(path)) is not null;

    /// <summary>The existing file of an id; null where there is none.</summary>
    public string? Find(string folder, string id) => _endings.Select(ending => Path.Combine(folder, Name(id) + ending)).FirstOrDefault(File.Exists);

    /// <summary>File name of an id, without ending.</summary>
    public string Name(string id) => _before + id + _after;

    private string? Id(string name)
    {
        if (name.StartsWith('.') || _endings.FirstOrDefault(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)) is not { } ending) return null;
        var stem = name[..^ending.Length];
        var fits = stem.Length > _before.Length + _after.Length && stem.StartsWith(_before, StringComparison.Ordinal) && stem.EndsWith(_after, StringComparison.Ordinal);
        return fits ? stem[_before.Length..(stem.Length - _after.Length)] : null;
    }
}
