using PUNet.Core.Imaging.Nifti;

namespace PUNet.Core.Data.Layouts;

/// <summary>
/// A path below a folder with one place for the subject's id in the file's name, for example <c>images/{id}_ct</c>. The ending may be left
/// out: .nii.gz and .nii are both accepted, in any case; a pattern that ends in .hdr or .img finds the headers of pairs.
/// </summary>
internal sealed class FilePattern
{
    private const string Place = "{id}";

    private readonly string _before;
    private readonly string _after;
    private readonly bool _isPair;

    /// <exception cref="ArgumentException">See <see cref="Fault"/>.</exception>
    public FilePattern(string pattern)
    {
        if (Fault(pattern) is { } fault) throw new ArgumentException(fault, nameof(pattern));
        var cut = pattern.LastIndexOf('/');
        (Folder, var name) = (pattern[..Math.Max(cut, 0)], pattern[(cut + 1)..]);
        _isPair = Ending(name, pair: true).Length > 0;
        var parts = name[..^(_isPair ? Ending(name, pair: true) : Ending(name, pair: false)).Length].Split(Place);
        (_before, _after) = (parts[0], parts[1]);
    }

    /// <summary>Below the dataset's folder; empty for the folder itself.</summary>
    public string Folder { get; }

    /// <summary>What is wrong with a pattern, as a sentence; null where it is sound.</summary>
    public static string? Fault(string pattern)
    {
        var name = pattern[(pattern.LastIndexOf('/') + 1)..];
        return pattern.Split(Place).Length == 2 && name.Contains(Place, StringComparison.Ordinal)
            ? null
            : $"A file pattern has {Place} exactly once, in the file's name; given '{pattern}'.";
    }

    /// <summary>Ids of the files of a folder that follow the pattern, with their paths, in ordinal order of these.</summary>
    public IReadOnlyList<(string Id, string Path)> Match(string folder) =>
        [.. from path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
            let id = Id(Path.GetFileName(path))
            where id is not null
            select (id, path)];

    /// <summary>The id of a file by its name; null where that does not follow the pattern.</summary>
    public string? Id(string name)
    {
        if (name.StartsWith('.') || Ending(name, _isPair) is not { Length: > 0 } ending || IsData(ending)) return null;
        var stem = name[..^ending.Length];
        var fits = stem.Length > _before.Length + _after.Length
            && stem.StartsWith(_before, StringComparison.Ordinal)
            && stem.EndsWith(_after, StringComparison.Ordinal);
        return fits ? stem[_before.Length..(stem.Length - _after.Length)] : null;
    }

    /// <summary>The pattern with its ending, as a person would name the files.</summary>
    public override string ToString() => $"{(Folder.Length > 0 ? Folder + "/" : "")}{_before}{Place}{_after}{(_isPair ? ".hdr" : ".nii.gz")}";

    private static string Ending(string name, bool pair) => pair ? NiftiPaths.PairEnding(name) : NiftiPaths.WholeEnding(name);

    private static bool IsData(string ending) => ending.StartsWith(".img", StringComparison.OrdinalIgnoreCase);
}
