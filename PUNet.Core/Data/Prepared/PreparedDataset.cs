using PUNet.Core.Common;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Data.Prepared;

/// <summary>A folder that <see cref="Preparation"/> wrote, or what a facet opens of it: other subjects are as if they were not there.</summary>
public sealed class PreparedDataset
{
    private readonly Dictionary<Part, IReadOnlyList<PreparedSubject>> _parts = [];
    private readonly Dictionary<string, (PreparedSubject Subject, string Folder)> _byId = [];

    private PreparedDataset(string folder, DatasetFacet facet, DatasetCard card)
    {
        (Folder, Card) = (folder, card);
        foreach (var part in facet.Parts)
        {
            var subjects = new List<PreparedSubject>();
            foreach (var path in Folders(folder, part))
            {
                var subject = PreparedJson.Read<PreparedSubject>(path, PreparedFiles.Subject);
                subjects.Add(subject);
                if (!_byId.TryAdd(subject.Id, (subject, path)))
                    throw new DatasetException(path, $"is not what preparation writes: '{subject.Id}' occurs twice. Prepare the dataset again.");
            }
            _parts[part] = subjects;
        }
        Subjects = [.. _parts.OrderBy(part => part.Key).SelectMany(part => part.Value)];
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>What is common to all subjects.</summary>
    public DatasetCard Card { get; }

    /// <summary>Foreground class names; the class of name i has the label i + 1.</summary>
    public IReadOnlyList<string> Classes => Card.Classes;

    /// <summary>How intensities become the network's input.</summary>
    public Normalisation Normalisation => Card.Normalisation;

    /// <summary>Labels of classes by their names, ascending.</summary>
    /// <exception cref="ConfigurationException">The dataset lacks a class.</exception>
    public IReadOnlyList<int> LabelsOf(IEnumerable<string> names)
    {
        var known = Classes.ToList();
        var labels = names.Select(name => (Name: name, Label: known.IndexOf(name) + 1)).ToList();
        ConfigurationException.ThrowIfAny(labels.Where(entry => entry.Label == 0)
            .Select(entry => $"The prepared dataset has no class '{entry.Name}'; it has {string.Join(", ", Classes)}."));
        return [.. labels.Select(entry => entry.Label).Order()];
    }

    /// <summary>All subjects: training, validation, test, each part in its order.</summary>
    public IReadOnlyList<PreparedSubject> Subjects { get; }

    /// <summary>The subjects of one part, in the order of the split.</summary>
    /// <exception cref="ArgumentException">The dataset was opened without that part.</exception>
    public IReadOnlyList<PreparedSubject> this[Part part] => _parts.TryGetValue(part, out var subjects)
        ? subjects
        : throw new ArgumentException(
            $"The dataset in {Folder} was opened without its {part} part; a computation reads only the facet that it declares.", nameof(part));

    /// <summary>Opens a whole dataset.</summary>
    /// <inheritdoc cref="Open(string, DatasetFacet)"/>
    public static PreparedDataset Open(string folder) => Open(folder, DatasetFacet.Whole);

    /// <summary>Opens what a facet holds; reads no file of other subjects.</summary>
    /// <exception cref="DatasetException">A file is missing or not what preparation writes.</exception>
    public static PreparedDataset Open(string folder, DatasetFacet facet) => new(folder, facet, DatasetCard.Read(folder));

    /// <summary>How many subjects each part of a dataset has, without reading any.</summary>
    public static IReadOnlyDictionary<Part, int> Sizes(string folder) =>
        DatasetFacet.Whole.Parts.ToDictionary(part => part, part => Folders(folder, part).Count);

    /// <summary>One subject.</summary>
    /// <exception cref="ArgumentException">No such subject.</exception>
    public PreparedSubject Subject(string id) => Find(id).Subject;

    /// <summary>A subject's description.</summary>
    /// <exception cref="ArgumentException">No such subject.</exception>
    internal string SubjectPath(string id) => Path.Combine(Find(id).Folder, PreparedFiles.Subject);

    /// <summary>A subject's image file.</summary>
    /// <exception cref="ArgumentException">No such subject.</exception>
    public string ImagePath(string id) => Path.Combine(Find(id).Folder, PreparedFiles.Image);

    /// <summary>A subject's label file.</summary>
    /// <exception cref="ArgumentException">No such subject.</exception>
    public string LabelPath(string id) => Path.Combine(Find(id).Folder, PreparedFiles.Labels);

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
        if (NiftiFile.Open(ImagePath(id)).Header is { Type: NiftiType.Int16, IsScaled: false })
            return new CompactSubject(id, Array.ConvertAll(image.Data, x => (short)x), LoadLabels(id), image.Extent, window);
        window.Map(image.Data);
        return new LoadedSubject(id, image.Data, LoadLabels(id), image.Extent);
    }

    /// <summary>Reads one subject's image in the source's unit (HU in CT), on the prepared grid.</summary>
    /// <exception cref="ArgumentException">No such subject.</exception>
    /// <exception cref="ImageFileException">The file is missing or damaged.</exception>
    public Volume LoadImage(string id)
    {
        var path = ImagePath(id);
        var image = NiftiFile.ReadVolume(path);
        MustFit(path, image.Extent, Subject(id));
        return image;
    }

    private byte[] LoadLabels(string id)
    {
        var path = LabelPath(id);
        var labels = NiftiFile.ReadLabels(path);
        MustFit(path, labels.Extent, Subject(id));
        if (labels.Data.Any(label => label > Classes.Count && label != IgnoredLabel.Value))
            throw new ImageFileException(path, $"has labels above {Classes.Count}, the number of classes. Prepare the dataset again.");
        return Array.ConvertAll(labels.Data, label => (byte)label);
    }

    /// <summary>
    /// Brings labels on the prepared grid back to the subject's source grid (nearest; background outside), as the source's label values.
    /// </summary>
    /// <param name="id">The subject.</param>
    /// <param name="labels">Prepared labels, C-order on the subject's prepared extent.</param>
    /// <exception cref="ArgumentException">No such subject, or not as many labels as its prepared grid has voxels.</exception>
    public LabelMap Restore(string id, ReadOnlySpan<byte> labels)
    {
        var grid = Subject(id).Grid;
        return new LabelMap(grid.Restore(labels, Card.LabelOf), grid.Source, grid.SourceGeometry);
    }

    private (PreparedSubject Subject, string Folder) Find(string id) => _byId.TryGetValue(id, out var found)
        ? found
        : throw new ArgumentException(
            Subjects.Count == 0
                ? $"The dataset in {Folder} has no subject '{id}'; what was opened of it has none."
                : $"The dataset in {Folder} has no subject '{id}'; it has {Subjects.Count}, from '{Subjects[0].Id}' to '{Subjects[^1].Id}'.",
            nameof(id));

    /// <summary>The subjects' folders of a part, in their order.</summary>
    private static List<string> Folders(string folder, Part part)
    {
        var path = Path.Combine(folder, PreparedFiles.FolderOf(part));
        if (!Directory.Exists(path)) return [];
        var places = Directory.EnumerateDirectories(path)
            .Select(subject => (Path: subject, Place: PreparedFiles.PlaceOf($"{PreparedFiles.FolderOf(part)}/{Path.GetFileName(subject)}")))
            .Where(entry => entry.Place is not null).OrderBy(entry => entry.Place!.Value.Number).ToList();
        for (var i = 0; i < places.Count; i++)
            if (places[i].Place!.Value.Number != i + 1)
                throw new DatasetException(path, $"is not what preparation writes: subject number {i + 1} is missing. Prepare the dataset again.");
        return [.. places.Select(entry => entry.Path)];
    }

    private static void MustFit(string path, Extent extent, PreparedSubject subject)
    {
        if (extent != subject.Extent)
            throw new ImageFileException(path, $"has {extent} voxels, but {PreparedFiles.Subject} says {subject.Extent}. Prepare the dataset again.");
    }
}
