using PUNet.Core.Data.Preparation;
using PUNet.Core.Imaging.Grids;

namespace PUNet.Core.Data.Layouts;

/// <summary>
/// CT-ORG (The Cancer Imaging Archive; 140 CT scans): <c>volume-N.nii.gz</c> with <c>labels-N.nii.gz</c> in one folder, or in its
/// sub-folder <c>OrganSegmentations</c> (method.md, section 5).
/// </summary>
public sealed record CtOrg : DatasetLayout
{
    private const string Download = "OrganSegmentations";
    private const int Brain = 6;

    /// <summary>The brain (6) becomes background.</summary>
    public override IReadOnlyDictionary<int, string> Classes { get; } =
        new Dictionary<int, string> { [1] = "liver", [2] = "bladder", [3] = "lungs", [4] = "kidneys", [5] = "bone" };

    /// <summary>As the paper prepares it: 1.25 × 1.25 × 2.5 mm, 280 × 280 in plane, no subject without a liver, axes as they are.</summary>
    public override PreparationOptions Preparation => base.Preparation.On(GridOptions.Paper) with { RequiredClasses = ["liver"] };

    /// <inheritdoc/>
    protected internal override string Name => "ct-org";

    /// <inheritdoc/>
    protected internal override IEnumerable<DatasetLayout> Recognise(string folder) =>
        Any(folder, "volume-{id}") || Any(Path.Combine(folder, Download), "volume-{id}") ? [this] : [];

    /// <inheritdoc/>
    protected internal override string Rule => "CT-ORG is expected as volume-N.nii.gz and labels-N.nii.gz.";

    /// <inheritdoc/>
    private protected override IReadOnlyDictionary<int, string> Labels(DatasetFolder folder) =>
        new Dictionary<int, string>(Classes) { [Brain] = "brain" };

    /// <inheritdoc/>
    public override bool? InHounsfieldUnits(string folder) => true;

    /// <inheritdoc/>
    private protected override DatasetInventory Find(DatasetFolder folder)
    {
        var below = Directory.Exists(folder.At(Download)) ? Download : "";
        return PairedFolders.Pairs(folder, below, new FilePattern("volume-{id}"), new FilePattern("labels-{id}"), Rule)
            .Select(subject => subject with { Id = $"volume-{subject.Id}" });
    }
}
