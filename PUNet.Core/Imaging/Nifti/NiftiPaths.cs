using PUNet.Core.Common;

namespace PUNet.Core.Imaging.Nifti;

/// <summary>Which names are those of NIfTI images, and which files make up an image: the one place that knows the endings, in any case.</summary>
internal static class NiftiPaths
{
    private const string Whole = ".nii";
    private const string Header = ".hdr";
    private const string Data = ".img";
    private const string Compressed = ".gz";

    /// <summary>A file that holds a whole image: .nii or .nii.gz in any case; empty for other names.</summary>
    public static string WholeEnding(string name) => Ending(name, Whole);

    /// <summary>Half of a pair: .hdr, .img, .hdr.gz or .img.gz in any case; empty for other names.</summary>
    public static string PairEnding(string name) => Ending(name, Header) is { Length: > 0 } header ? header : Ending(name, Data);

    /// <summary>Paths of header and data: the same for .nii and .nii.gz, two for .hdr and .img (.gz).</summary>
    /// <exception cref="ImageFileException">Another ending, or half of a pair.</exception>
    public static (string Header, string Data) Of(string path)
    {
        if (WholeEnding(path).Length > 0) return (path, path);
        if (Ending(path, Header) is { Length: > 0 } header) return (path, Beside(path, header, Data));
        if (Ending(path, Data) is { Length: > 0 } data) return (Beside(path, data, Header), path);
        throw new ImageFileException(path, "is not named like a NIfTI file (.nii, .nii.gz, .hdr with .img).");
    }

    private static string Ending(string name, string plain)
    {
        foreach (var ending in new[] { plain + Compressed, plain })
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return name[^ending.Length..];
        return "";
    }

    /// <summary>The other half has the same ending but for its word, in capitals where the first is.</summary>
    private static string Beside(string path, string ending, string wanted)
    {
        var plain = ending[..wanted.Length];
        var other = path[..^ending.Length] + (plain == plain.ToUpperInvariant() ? wanted.ToUpperInvariant() : wanted) + ending[wanted.Length..];
        if (File.Exists(path) && !File.Exists(other))
            throw new ImageFileException(path, $"is one half of a pair, and the other, {Path.GetFileName(other)}, is not beside it.");
        return other;
    }
}
