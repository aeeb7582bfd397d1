using PUNet.Core.Imaging;

namespace PUNet.Core.Data;

/// <summary>A folder that <see cref="Preparation"/> wrote.</summary>
public sealed class PreparedDataset
{
    private PreparedDataset(string folder, IReadOnlyList<string> classes, IReadOnlyList<PreparedSubject> subjects) =>
        (Folder, Classes, Subjects) = (folder, classes, subjects);

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>Foreground class names; the class of name i has the label i + 1.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>All subjects, in the order of the dataset.</summary>
    public IReadOnlyList<PreparedSubject> Subjects { get; }

    /// <summary>Reads the folder's <c>subjects.json</c>.</summary>
    /// <exception cref="Common.ImageFileException">It is missing or not what preparation writes.</exception>
    public static PreparedDataset Open(string folder) => throw new NotImplementedException(folder);

    /// <summary>Reads one subject's image and labels.</summary>
    /// <exception cref="ArgumentException">No such subject.</exception>
    /// <exception cref="Common.ImageFileException">A file is missing or damaged.</exception>
    public LoadedSubject Load(string id, Normalisation normalisation) => throw new NotImplementedException(id);

    /// <summary>Brings labels on the prepared grid back to the subject's source grid (nearest; background outside).</summary>
    /// <param name="id">The subject.</param>
    /// <param name="labels">C-order on the subject's prepared extent.</param>
    public LabelMap Restore(string id, ReadOnlySpan<byte> labels) => throw new NotImplementedException(id);
}
