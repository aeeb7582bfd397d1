using PUNet.Core.Data.Preparation;
using PUNet.Core.Imaging.Grids;

namespace PUNet.Core.Data.Layouts;

/// <summary>
/// TCIA/BTCV multi-organ CT (Zenodo 1169361; 43 + 47 scans), two domains in one folder, each scan cropped to the box that
/// <c>cropping.csv</c> gives plus 24 voxels in plane and 3 in depth (method.md, section 5).
/// </summary>
public sealed record Btcv : DatasetLayout
{
    /// <summary>The other labels become background.</summary>
    public override IReadOnlyDictionary<int, string> Classes { get; } = new Dictionary<int, string>
    {
        [1] = "spleen",
        [3] = "left kidney",
        [4] = "gallbladder",
        [5] = "esophagus",
        [6] = "liver",
        [7] = "stomach",
        [11] = "pancreas",
        [14] = "duodenum",
    };

    /// <summary>As the paper prepares it: 1.25 × 1.25 × 2.5 mm, 280 × 280 in plane, axes as they are.</summary>
    public override PreparationOptions Preparation => base.Preparation.On(GridOptions.Paper);

    /// <inheritdoc/>
    protected internal override string Name => "btcv";

    /// <inheritdoc/>
    protected internal override IEnumerable<DatasetLayout> Recognise(string folder) =>
        Has(folder, "image_tcia_multiorgan") || Has(folder, "image_btcv_multiorgan") ? [this] : [];

    /// <inheritdoc/>
    protected internal override string Rule =>
        "TCIA/BTCV is expected as image_tcia_multiorgan/PANCREAS_*.nii, label_tcia_multiorgan/label*.nii.gz, "
            + "image_btcv_multiorgan/img*.nii.gz, label_btcv_multiorgan/label*.nii.gz and cropping.csv.";

    /// <summary>Every label of the published annotation.</summary>
    private protected override IReadOnlyDictionary<int, string> Labels(DatasetFolder folder) => new Dictionary<int, string>(Classes)
    {
        [2] = "right kidney",
        [8] = "aorta",
        [9] = "inferior vena cava",
        [10] = "portal and splenic vein",
        [12] = "right adrenal gland",
        [13] = "left adrenal gland",
    };

    /// <inheritdoc/>
    public override bool? InHounsfieldUnits(string folder) => true;

    /// <inheritdoc/>
    private protected override DatasetInventory Find(DatasetFolder folder)
    {
        var table = new CroppingTable(folder, Rule);
        return DatasetInventory.Join([
            Domain(folder, "tcia", "PANCREAS_{id}", upsideDown: true, "TCIA", table),
            Domain(folder, "btcv", "img{id}", upsideDown: false, "SYNAPSE", table)]);
    }

    private DatasetInventory Domain(DatasetFolder folder, string name, string imagePattern, bool upsideDown, string publisher, CroppingTable table)
    {
        var (image, label) = (new FilePattern($"image_{name}_multiorgan/{imagePattern}"), new FilePattern($"label_{name}_multiorgan/label{{id}}"));
        var found = PairedFolders.Pairs(folder, "", image, label, Rule);
        var (subjects, faults) = (new List<SubjectFiles>(), new List<(string, string)>());
        foreach (var subject in found.Subjects)
            if (table.Box(publisher, subject.Id) is { } box)
                subjects.Add(subject with { Id = $"{name}-{subject.Id}", Domain = name, LabelsUpsideDown = upsideDown, Crop = box });
            else faults.Add((table.Path, $"has no row for {publisher} {subject.Id}. Every image needs its box."));
        return found with { Subjects = subjects, Faults = faults };
    }
}
