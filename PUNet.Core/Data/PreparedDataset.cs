using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data;

/// <summary>A folder that <see cref="Preparation"/> wrote.</summary>
public sealed class PreparedDataset
{
    internal const string ImageFolder = "images";
    internal const string LabelFolder = "labels";

    private readonly Dictionary<string, PreparedSubject> _byId;

    private PreparedDataset(string folder, SubjectsFile file)
    {
        (Folder, Classes, Subjects, LeftOut) = (folder, file.Classes, file.Subjects, file.LeftOut);
        _byId = file.Subjects.ToDictionary(subject => subject.Id);
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>Foreground class names; the class of name i has the label i + 1.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>All subjects, in the order of the dataset.</summary>
    public IReadOnlyList<PreparedSubject> Subjects { get; }

    /// <summary>Subjects that preparation did not take, and why.</summary>
    public IReadOnlyList<LeftOutSubject> LeftOut { get; }

    /// <summary>Reads the folder's <c>subjects.json</c>.</summary>
    /// <exception cref="DatasetException">It is missing or not what preparation writes.</exception>
    public static PreparedDataset Open(string folder) => new(folder, SubjectsFile.Read(folder));

    /// <summary>One subject.</summary>
    /// <exception cref="ArgumentException">No such subject.</exception>
    public PreparedSubject Subject(string id) => _byId.TryGetValue(id, out var subject)
        ? subject
        : throw new ArgumentException($"The dataset in {Folder} has no subject '{id}'; it has {Subjects.Count}, from '{Subjects[0].Id}' to '{Subjects[^1].Id}'.", nameof(id));

    /// <summary>Reads one subject's image and labels.</summary>
    /// <exception cref="ArgumentException">No such subject.</exception>
    /// <exception cref="ImageFileException">A file is missing or damaged.</exception>
    public LoadedSubject Load(string id, Normalisation normalisation)
    {
        var subject = Subject(id);
        var image = LoadImage(id);
        var path = LabelPath(Folder, id);
        var labels = NiftiFile.ReadLabels(path);
        MustFit(path, labels.Extent, subject);
        if (labels.Data.Any(label => label > Classes.Count))
            throw new ImageFileException(path, $"has labels above {Classes.Count}, the number of classes. Prepare the dataset again.");
        return new LoadedSubject(id, normalisation.Apply(image.Data), Array.ConvertAll(labels.Data, label => (byte)label), subject.Extent);
    }

    /// <summary>Reads one subject's image in the source's unit (HU in CT), on the prepared grid.</summary>
    /// <exception cref="ArgumentException">No such subject.</exception>
    /// <exception cref="ImageFileException">The file is missing or damaged.</exception>
    public Volume LoadImage(string id)
    {
        var path = ImagePath(Folder, id);
        var image = NiftiFile.ReadVolume(path);
        MustFit(path, image.Extent, Subject(id));
        return image;
    }

    /// <summary>Brings labels on the prepared grid back to the subject's source grid (nearest; background outside).</summary>
    /// <param name="id">The subject.</param>
    /// <param name="labels">C-order on the subject's prepared extent.</param>
    /// <exception cref="ArgumentException">No such subject, or not as many labels as its prepared grid has voxels.</exception>
    public LabelMap Restore(string id, ReadOnlySpan<byte> labels)
    {
        var grid = Subject(id).Grid;
        return new LabelMap(grid.Restore(labels), grid.Source, grid.SourceGeometry);
    }

    /// <summary>The prepared image file of a subject.</summary>
    internal static string ImagePath(string folder, string id) => Path.Combine(folder, ImageFolder, id + ".nii.gz");

    /// <summary>The prepared label file of a subject.</summary>
    internal static string LabelPath(string folder, string id) => Path.Combine(folder, LabelFolder, id + ".nii.gz");

    private static void MustFit(string path, Extent extent, PreparedSubject subject)
    {
        if (extent != subject.Extent) throw new ImageFileException(path, $"has {extent} voxels, but subjects.json says {subject.Extent}. Prepare the dataset again.");
    }
}
