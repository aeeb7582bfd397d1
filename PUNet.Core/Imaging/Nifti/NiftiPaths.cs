using PUNet.Core.Common;

namespace PUNet.Core.Imaging;

/// <summary>Which files make up a NIfTI image, by the name of one of them.</summary>
internal static class NiftiPaths
{
    /// <summary>Paths of header and data: the same for .nii and .nii.gz, two for .hdr and .img (.gz).</summary>
    /// <exception cref="ImageFileException">Another ending.</exception>
    public static (string Header, string Data) Of(string path)
    {
        var compression = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[^3..] : "";
        var plain = path[..^compression.Length];
        var stem = plain.Length > 4 ? plain[..^4] : plain;
        return plain[stem.Length..].ToLowerInvariant() switch
        {
            ".nii" => (path, path),
            ".hdr" => (path, Beside(path, stem, plain[stem.Length..], "img", compression)),
            ".img" => (Beside(path, stem, plain[stem.Length..], "hdr", compression), path),
            _ => throw new ImageFileException(path, "is not named like a NIfTI file (.nii, .nii.gz, .hdr with .img)."),
        };
    }

    private static string Beside(string path, string stem, string ending, string wanted, string compression)
    {
        var other = stem + (ending == ending.ToUpperInvariant() ? $".{wanted.ToUpperInvariant()}" : $".{wanted}") + compression;
        if (File.Exists(path) && !File.Exists(other))
            throw new ImageFileException(path, $"is one half of a pair, and the other, {System.IO.Path.GetFileName(other)}, is not beside it.");
        return other;
    }
}
