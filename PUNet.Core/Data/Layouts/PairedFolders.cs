namespace PUNet.Core.Data;

/// <summary>Images and label maps of the same names in two folders: the phantoms' layout, and any of that kind.</summary>
public sealed record PairedFolders : DatasetLayout
{
    /// <summary>Folder of the images, below the dataset's.</summary>
    public string Images { get; init; } = "images";

    /// <summary>Folder of the label maps, below the dataset's.</summary>
    public string Labels { get; init; } = "labels";

    /// <summary>Name of an image, with {id} for the subject; .nii.gz or .nii.</summary>
    public string ImagePattern { get; init; } = "{id}";

    /// <summary>Name of a label map, with {id} for the subject; .nii.gz or .nii.</summary>
    public string LabelPattern { get; init; } = "{id}";

    /// <inheritdoc/>
    protected internal override string Rule => $"Images are expected as {Images}/{ImagePattern}.nii.gz and label maps as {Labels}/{LabelPattern}.nii.gz.";

    /// <inheritdoc/>
    protected override DatasetInventory Find(string folder) =>
        Pairs(Path.Combine(folder, Images), Path.Combine(folder, Labels), new FilePattern(ImagePattern), new FilePattern(LabelPattern), Rule);

    /// <summary>Images of one folder with their label maps from another.</summary>
    /// <exception cref="DatasetException">A folder is missing.</exception>
    internal static DatasetInventory Pairs(string images, string labels, FilePattern imagePattern, FilePattern labelPattern, string rule)
    {
        foreach (var folder in new[] { images, labels })
            if (!Directory.Exists(folder)) throw new DatasetException(folder, $"There is no such folder. {rule}");
        var together = Path.GetFullPath(images) == Path.GetFullPath(labels);
        var (subjects, imagesAlone) = (new List<SubjectFiles>(), new List<string>());
        foreach (var (id, image) in imagePattern.Match(images).Where(match => !together || !labelPattern.Fits(match.Path)))
            if (labelPattern.Find(labels, id) is { } label) subjects.Add(new SubjectFiles(id, image, label));
            else imagesAlone.Add(image);
        var used = subjects.Select(subject => subject.LabelPath).ToHashSet();
        return new(subjects, imagesAlone, [.. labelPattern.Match(labels).Select(match => match.Path).Where(path => !used.Contains(path))], []);
    }
}
