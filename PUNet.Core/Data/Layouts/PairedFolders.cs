using PUNet.Core.Common.Settings;

namespace PUNet.Core.Data.Layouts;

/// <summary>Images and label maps by patterns of their paths: the phantoms' layout, and any of that kind.</summary>
public sealed record PairedFolders : DatasetLayout
{
    /// <summary>An image below the dataset's folder, with {id} for the subject; .nii.gz or .nii.</summary>
    public string Image { get; init; } = "images/{id}";

    /// <summary>A label map below the dataset's folder, with {id} for the subject; .nii.gz or .nii.</summary>
    public string Label { get; init; } = "labels/{id}";

    /// <inheritdoc/>
    public override DatasetLayout InParts => new PartFolders { Image = Image, Label = Label };

    /// <inheritdoc/>
    public override IEnumerable<Fault> Faults() => Faults(Image, Label);

    /// <inheritdoc/>
    protected internal override string Name => "pairs";

    /// <inheritdoc/>
    protected internal override IEnumerable<DatasetLayout> Recognise(string folder) => [
        .. Has(folder, "images") && Has(folder, "labels") && !PreparedFolder.Fits(folder) ? [new PairedFolders()] : Array.Empty<PairedFolders>(),
        .. Any(folder, "{id}_ct") && Any(folder, "{id}_seg")
            ? [new PairedFolders { Image = "{id}_ct", Label = "{id}_seg" }]
            : Array.Empty<PairedFolders>(),
    ];

    /// <inheritdoc/>
    protected internal override string Rule => $"Images are expected as {new FilePattern(Image)} and label maps as {new FilePattern(Label)}.";

    /// <inheritdoc/>
    private protected override DatasetInventory Find(DatasetFolder folder) => Inventory(folder);

    /// <inheritdoc cref="Find"/>
    internal DatasetInventory Inventory(DatasetFolder folder) => Pairs(folder, "", new FilePattern(Image), new FilePattern(Label), Rule);

    /// <summary>Faults of two patterns.</summary>
    internal static IEnumerable<Fault> Faults(string image, string label)
    {
        foreach (var fault in new[] { image, label }.Select(FilePattern.Fault).OfType<string>()) yield return Unfindable(fault.TrimEnd('.'));
        if (image == label) yield return Unfindable($"Images and label maps have different names; given '{image}' for both");
    }

    /// <summary>Images with their label maps.</summary>
    /// <param name="folder">The dataset's.</param>
    /// <param name="below">The folder below it in which both patterns begin.</param>
    /// <param name="image">Of images.</param>
    /// <param name="label">Of label maps.</param>
    /// <param name="rule">What is expected, for messages.</param>
    /// <exception cref="DatasetException">A folder is missing.</exception>
    internal static DatasetInventory Pairs(DatasetFolder folder, string below, FilePattern image, FilePattern label, string rule)
    {
        var images = folder.Folder(Path.Combine(below, image.Folder), rule);
        var labels = folder.Folder(Path.Combine(below, label.Folder), rule);
        var maps = label.Match(labels).ToLookup(match => match.Id, match => match.Path);
        var (subjects, imagesAlone, faults) = (new List<SubjectFiles>(), new List<string>(), new List<(string, string)>());
        foreach (var (id, path) in image.Match(images).Where(match => images != labels || label.Id(Path.GetFileName(match.Path)) is null))
            switch (maps[id].ToList())
            {
                case []:
                    imagesAlone.Add(path);
                    break;
                case [var map]:
                    subjects.Add(new SubjectFiles(id, path, map));
                    break;
                case var several:
                    faults.Add((path, $"has {several.Count} label maps: {string.Join(", ", several.Select(Path.GetFileName))}. Keep one of them."));
                    break;
            }
        var ids = subjects.Select(subject => subject.Id).ToHashSet();
        var alone = maps.Where(map => map.Count() == 1 && !ids.Contains(map.Key)).SelectMany(map => map);
        return new(subjects, imagesAlone, [.. alone], faults);
    }
}
