using System.Globalization;
using PUNet.Core.Common;

namespace PUNet.Core.Data.Prepared;

/// <summary>
/// Names in a prepared dataset: <c>dataset.json</c> (classes, normalisation), a folder per part and in it one per subject, numbered in
/// the part's order (<c>train/0001-ID</c>), and <c>subjects.json</c>, which concerns the dataset as a whole.
/// </summary>
internal static class PreparedFiles
{
    /// <summary>Classes and normalisation.</summary>
    public const string Card = "dataset.json";

    /// <summary>Where all subjects come from, and what was left out.</summary>
    public const string Subjects = "subjects.json";

    /// <summary>A subject's image, in its folder.</summary>
    public const string Image = "image.nii.gz";

    /// <summary>A subject's label map, in its folder.</summary>
    public const string Labels = "labels.nii.gz";

    /// <summary>A subject's description, in its folder.</summary>
    public const string Subject = "subject.json";

    /// <summary>The folder of a part, relative to the dataset.</summary>
    public static string FolderOf(Part part) => part.ToString().ToLowerInvariant();

    /// <summary>The folder of a subject, relative to the dataset.</summary>
    /// <param name="part">Its part.</param>
    /// <param name="number">Its place in the part's order, from 1.</param>
    /// <param name="id">Its name.</param>
    public static string FolderOf(Part part, int number, string id) =>
        string.Create(CultureInfo.InvariantCulture, $"{FolderOf(part)}/{number:D4}-{id}");

    /// <summary>The subject that a path belongs to; null where it belongs to none.</summary>
    /// <param name="path">Relative to the dataset, with forward slashes; of a file of the subject, or of its folder.</param>
    public static (Part Part, int Number, string Id)? PlaceOf(string path)
    {
        var steps = path.Split('/');
        if (steps.Length < 2 || !Enum.GetValues<Part>().Any(part => FolderOf(part) == steps[0])) return null;
        var dash = steps[1].IndexOf('-');
        return dash > 0 && int.TryParse(steps[1][..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (Enum.GetValues<Part>().First(part => FolderOf(part) == steps[0]), number, steps[1][(dash + 1)..])
            : null;
    }
}
