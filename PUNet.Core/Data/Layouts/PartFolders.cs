using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>
/// One folder per part (train, validation, test), each with an image and a label map of every subject: OpenKBP as it is converted
/// for this project. The parts are the dataset's own split.
/// </summary>
public sealed record PartFolders : DatasetLayout
{
    /// <summary>Folder of the training subjects.</summary>
    public string Train { get; init; } = "train";

    /// <summary>Folder of the validation subjects.</summary>
    public string Validation { get; init; } = "validation";

    /// <summary>Folder of the test subjects.</summary>
    public string Test { get; init; } = "test";

    /// <summary>Name of an image, with {id} for the subject; .nii.gz or .nii.</summary>
    public string ImagePattern { get; init; } = "{id}_ct";

    /// <summary>Name of a label map, with {id} for the subject; .nii.gz or .nii.</summary>
    public string LabelPattern { get; init; } = "{id}_seg";

    /// <inheritdoc/>
    protected internal override string Rule => $"The folders {Train}, {Validation} and {Test} are expected, with images {ImagePattern}.nii.gz and label maps {LabelPattern}.nii.gz.";

    /// <inheritdoc/>
    protected override DatasetInventory Find(string folder)
    {
        var (images, labels) = (new FilePattern(ImagePattern), new FilePattern(LabelPattern));
        return DatasetInventory.Join(new[] { (Train, Part.Train), (Validation, Part.Validation), (Test, Part.Test) }.Select(entry =>
        {
            var part = Path.Combine(folder, entry.Item1);
            return PairedFolders.Pairs(part, part, images, labels, Rule).Select(subject => subject with { Part = entry.Item2 });
        }));
    }
}
