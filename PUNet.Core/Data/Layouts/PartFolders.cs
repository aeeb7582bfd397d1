using PUNet.Core.Common;
using PUNet.Core.Common.Settings;

namespace PUNet.Core.Data.Layouts;

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

    /// <summary>An image below a part's folder, with {id} for the subject; .nii.gz or .nii.</summary>
    public string Image { get; init; } = "{id}_ct";

    /// <summary>A label map below a part's folder, with {id} for the subject; .nii.gz or .nii.</summary>
    public string Label { get; init; } = "{id}_seg";

    /// <inheritdoc/>
    public override DatasetLayout InParts => this;

    /// <inheritdoc/>
    public override IEnumerable<Fault> Faults() => PairedFolders.Faults(Image, Label);

    /// <inheritdoc/>
    protected internal override string Name => "parts";

    /// <inheritdoc/>
    protected internal override IEnumerable<DatasetLayout> Recognise(string folder) => Any(Path.Combine(folder, Train), Image) ? [this] : [];

    /// <inheritdoc/>
    protected internal override string Rule =>
        $"The folders {Train}, {Validation} and {Test} are expected, with images {new FilePattern(Image)} and label maps {new FilePattern(Label)}.";

    /// <inheritdoc/>
    private protected override DatasetInventory Find(DatasetFolder folder)
    {
        var (image, label) = (new FilePattern(Image), new FilePattern(Label));
        return DatasetInventory.Join(new[] { (Train, Part.Train), (Validation, Part.Validation), (Test, Part.Test) }.Select(entry =>
            PairedFolders.Pairs(folder, entry.Item1, image, label, Rule).Select(subject => subject with { Part = entry.Item2 })));
    }
}
