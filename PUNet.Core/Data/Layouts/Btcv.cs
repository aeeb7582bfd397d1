using System.Globalization;
using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data;

/// <summary>
/// TCIA/BTCV multi-organ CT (Zenodo 1169361; 43 + 47 scans), two domains in one folder, each scan cropped to the box that
/// <c>cropping.csv</c> gives plus 24 voxels in plane and 3 in depth (method.md, section 5).
/// </summary>
public sealed record Btcv : DatasetLayout
{
    private const int InPlaneMargin = 24;
    private const int DepthMargin = 3;

    /// <summary>Label → class; the other labels become background.</summary>
    public static IReadOnlyDictionary<int, string> Classes { get; } = new Dictionary<int, string>
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
    public static PreparationOptions Preparation { get; } = new()
    {
        Classes = Classes,
        Orientation = null,
        Spacing = new Spacing(1.25, 1.25, 2.5),
        InPlaneExtent = (280, 280),
    };

    /// <inheritdoc/>
    protected override string Rule =>
        "TCIA/BTCV is expected as image_tcia_multiorgan/PANCREAS_*.nii, label_tcia_multiorgan/label*.nii.gz, image_btcv_multiorgan/img*.nii.gz, label_btcv_multiorgan/label*.nii.gz and cropping.csv.";

    /// <inheritdoc/>
    protected override IEnumerable<SubjectFiles> Find(string folder)
    {
        var path = Path.Combine(folder, "cropping.csv");
        if (!File.Exists(path)) throw new DatasetException(path, $"There is no such file. {Rule}");
        var boxes = new Dictionary<(string Publisher, int Number), IReadOnlyDictionary<string, string>>();
        foreach (var row in CsvTable.Read(path, "publisher", "original_id", "extent_left", "extent_right", "extent_ant", "extent_post", "extent_inf", "extent_sup"))
            boxes[(row["publisher"].ToUpperInvariant(), Number(row["original_id"], path))] = row;
        return Domain(folder, "tcia", "PANCREAS_{id}", upsideDown: true, id => Box("TCIA", id)).Concat(
            Domain(folder, "btcv", "img{id}", upsideDown: false, id => Box("SYNAPSE", id)));

        IReadOnlyDictionary<string, string> Box(string publisher, string id) => boxes.TryGetValue((publisher, Number(id, path)), out var row)
            ? row
            : throw new DatasetException(path, $"has no row for {publisher} {id}. Every image needs its box.");
    }

    private IEnumerable<SubjectFiles> Domain(string folder, string name, string imagePattern, bool upsideDown, Func<string, IReadOnlyDictionary<string, string>> box) =>
        PairedFolders.Pairs(
                Path.Combine(folder, $"image_{name}_multiorgan"), Path.Combine(folder, $"label_{name}_multiorgan"), new FilePattern(imagePattern), new FilePattern("label{id}"), Rule)
            .Select(subject => subject with
            {
                Id = $"{name}-{subject.Id}",
                Domain = name,
                LabelsUpsideDown = upsideDown,
                Crop = Crop(box(subject.Id), NiftiFile.Open(subject.ImagePath).Extent, folder),
            });

    /// <summary>The table's box in image voxels; the image's second axis runs against the table's.</summary>
    private static VoxelBox Crop(IReadOnlyDictionary<string, string> row, Extent extent, string folder)
    {
        (int Low, int High) Range(string a, string b)
        {
            var (x, y) = (Voxel(row[a], folder), Voxel(row[b], folder));
            return (Math.Min(x, y), Math.Max(x, y));
        }
        var (left, ant, inf) = (Range("extent_left", "extent_right"), Range("extent_ant", "extent_post"), Range("extent_inf", "extent_sup"));
        return new VoxelBox(
            (left.Low - InPlaneMargin, extent.W - ant.High - InPlaneMargin, inf.Low - DepthMargin),
            (left.High + InPlaneMargin, extent.W - ant.Low + InPlaneMargin, inf.High + DepthMargin));
    }

    /// <summary>PANCREAS_0007, img0007 and 7 are all number 7.</summary>
    private static int Number(string id, string path) => int.TryParse(id.AsSpan(id.TrimEnd("0123456789".ToCharArray()).Length), out var number)
        ? number
        : throw new DatasetException(path, $"has the id '{id}', which does not end in a number.");

    private static int Voxel(string text, string folder) => double.TryParse(text, CultureInfo.InvariantCulture, out var voxel)
        ? (int)Math.Round(voxel)
        : throw new DatasetException(Path.Combine(folder, "cropping.csv"), $"has '{text}' where a number of voxels is expected.");
}
