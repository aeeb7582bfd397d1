namespace PUNet.Core.Data.Layouts;

/// <summary>Finds the layout of a folder by what lies in it, or by the name a person gives it.</summary>
public static class LayoutChoice
{
    private static readonly (string Name, DatasetLayout Layout, Func<string, bool> Fits)[] _known =
    [
        ("prepared", new PreparedFolder(), PreparedFolder.Fits),
        ("nnunet", new NnUNet(), folder => Has(folder, "imagesTr") && Has(folder, "labelsTr")),
        ("btcv", new Btcv(), folder => Has(folder, "image_tcia_multiorgan") || Has(folder, "image_btcv_multiorgan")),
        ("ct-org", new CtOrg(), folder => Any(folder, "volume-{id}") || Any(Path.Combine(folder, "OrganSegmentations"), "volume-{id}")),
        ("parts", new PartFolders(), folder => Any(Path.Combine(folder, "train"), "{id}_ct")),
        ("csv", new CsvList(), folder => File.Exists(Path.Combine(folder, "subjects.csv"))),
        ("pairs", new PairedFolders(), folder => Has(folder, "images") && Has(folder, "labels") && !PreparedFolder.Fits(folder)),
        ("pairs", new PairedFolders { Image = "{id}_ct", Label = "{id}_seg" }, folder => Any(folder, "{id}_ct") && Any(folder, "{id}_seg")),
    ];

    /// <summary>Names of all layouts.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _known.Select(entry => entry.Name).Distinct()];

    /// <summary>The layout of a name, as it is by default; null where no layout has it.</summary>
    public static DatasetLayout? Named(string name) => _known.FirstOrDefault(entry => entry.Name == name).Layout;

    /// <summary>The layouts that a folder looks like; one where it is clear.</summary>
    public static IReadOnlyList<(string Name, DatasetLayout Layout)> Guess(string folder) =>
        [.. _known.Where(entry => entry.Fits(folder)).Select(entry => (entry.Name, entry.Layout))];

    private static bool Has(string folder, string name) => Directory.Exists(Path.Combine(folder, name));

    private static bool Any(string folder, string pattern) => Directory.Exists(folder) && new FilePattern(pattern).Match(folder).Count > 0;
}
