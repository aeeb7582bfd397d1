using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Inference.Prediction;

namespace PUNet.Core.Addition;

/// <summary>
/// Images and label maps of two folders by their names: a pair's names are the same once the words that say what a file is (image, ct, seg,
/// label, mask, 0000 and so on) are left out, as in <c>ct_01.nii.gz</c> and <c>seg_01.nii.gz</c>.
/// </summary>
internal static class ScanPairs
{
    private static readonly HashSet<string> _words = new(
        [
            "image", "images", "img", "imgs", "ct", "mr", "mri", "scan", "volume", "vol", "0000",
            "label", "labels", "seg", "segmentation", "segmentations", "mask", "masks", "gt", "annotation",
        ], StringComparer.OrdinalIgnoreCase);

    /// <summary>The pairs, in the order of the images.</summary>
    /// <exception cref="ConfigurationException">A folder is missing or empty, names are ambiguous, or an image has no label map.</exception>
    public static IReadOnlyList<SubjectFiles> Find(string images, string labels)
    {
        var (scans, maps) = (Keyed(images), Keyed(labels));
        var missing = scans.Where(scan => !maps.ContainsKey(scan.Key)).Select(scan => Path.GetFileName(scan.Value)).ToList();
        if (missing.Count == scans.Count)
            throw new ConfigurationException([
                $"No image of {images} has a label map in {labels}: names must be the same but for words like image and label "
                    + $"({missing[0]} against {Path.GetFileName(maps.Values.First())}).",
            ]);
        if (missing.Count > 0)
            throw new ConfigurationException([
                $"{missing.Count} of {scans.Count} images have no label map in {labels}, for example {missing[0]}. "
                    + "Annotate them or take them out of the folder.",
            ]);
        return [.. scans.Select(scan => new SubjectFiles(IdOf(ScanNames.NameOf(scan.Value)), scan.Value, maps[scan.Key]))];
    }

    private static Dictionary<string, string> Keyed(string folder)
    {
        var found = new Dictionary<string, string>();
        foreach (var (name, path) in ScanNames.Find([folder]))
            if (!found.TryAdd(KeyOf(name), path))
                throw new ConfigurationException([
                    $"{Path.GetFileName(found[KeyOf(name)])} and {Path.GetFileName(path)} in {folder} cannot be told apart: "
                        + "their names differ in words like image and label alone.",
                ]);
        return found;
    }

    private static string KeyOf(string name)
    {
        var words = name.Split(['-', '_', '.', ' '], StringSplitOptions.RemoveEmptyEntries).Where(word => !_words.Contains(word)).ToList();
        return words.Count > 0 ? string.Join(' ', words).ToLowerInvariant() : name.ToLowerInvariant();
    }

    private static string IdOf(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
}
