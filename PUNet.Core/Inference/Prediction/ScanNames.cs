using PUNet.Core.Common;

namespace PUNet.Core.Inference.Prediction;

/// <summary>Which files are scans, and what their results are called.</summary>
public static class ScanNames
{
    private static readonly string[] _endings = [".nii.gz", ".nii", ".hdr.gz", ".hdr", ".img.gz", ".img"];

    /// <summary>The scans that some words name: files, and of folders every NIfTI file in them.</summary>
    /// <exception cref="ConfigurationException">A word names nothing, a folder has no scan, or two scans have one name.</exception>
    public static IReadOnlyList<(string Name, string Path)> Find(IEnumerable<string> words)
    {
        var scans = words.SelectMany(Behind).Select(path => (Name: NameOf(path), Path: path)).DistinctBy(scan => scan.Path).ToList();
        var twice = scans.GroupBy(scan => scan.Name).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw new ConfigurationException([
                $"{string.Join(" and ", twice.Select(scan => scan.Path))} would both become {twice.Key}.nii.gz. Segment them into different folders.",
            ]);
        return scans;
    }

    /// <summary>A file's name without what makes it NIfTI.</summary>
    public static string NameOf(string path)
    {
        var name = Path.GetFileName(path);
        return Array.Find(_endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } known ? name[..^known.Length] : name;
    }

    private static IReadOnlyList<string> Behind(string word)
    {
        if (File.Exists(word)) return [Path.GetFullPath(word)];
        if (!Directory.Exists(word)) throw new ConfigurationException([$"There is no file and no folder {word}."]);
        var found = Directory.EnumerateFiles(word).Where(IsScan).Order(StringComparer.Ordinal).Select(Path.GetFullPath).ToList();
        ConfigurationException.ThrowIfAny(found.Count > 0 ? [] : [$"The folder {word} holds no NIfTI file (.nii, .nii.gz, .hdr with .img)."]);
        return found;
    }

    private static bool IsScan(string path)
    {
        var name = Path.GetFileName(path);
        return !name.StartsWith('.') && _endings.Take(4).Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }
}
