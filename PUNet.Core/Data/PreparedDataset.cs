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
    public LoadedSubject Load(string id, Normalisation normalisation) =>
        new(id, normalisation.Apply(LoadImage(id).Data), LoadLabels(id), Subject(id).Extent);

    /// <summary>The same with the image as 16-bit numbers where it is stored so.</summary>
    /// <inheritdoc cref="Load"/>
    public ISubjectVoxels LoadCompactly(string id, Normalisation normalisation)
    {
        var image = LoadImage(id);
        var window = normalisation.For(image.Data);
        if (NiftiFile.Open(ImagePath(Folder, id)).Header is { Type: NiftiType.Int16, IsScaled: false })
            return new CompactSubject(id, Array.ConvertAll(image.Data, x => (short)x), LoadLabels(id), image.Extent, window);
        window.Map(image.Data);
        return new LoadedSubject(id, image.Data, LoadLabels(id), image.Extent);
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

    private byte[] LoadLabels(string id)
    {
        var path = LabelPath(Folder, id);
        var labels = NiftiFile.ReadLabels(path);
        MustFit(path, labels.Extent, Subject(id));
        if (labels.Data.Any(label => label > Classes.Count && label != IgnoredLabel.Value))
            throw new ImageFileException(path, $"has labels above {Classes.Count}, the number of classes. Prepare the dataset again.");
        return Array.ConvertAll(labels.Data, label => (byte)label);
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
