using System.Globalization;
using PUNet.Core.Imaging.Grids;

namespace PUNet.Core.Data.Layouts;

/// <summary>The <c>cropping.csv</c> of TCIA/BTCV: the box of each image, rows in any order (method.md, section 5).</summary>
internal sealed class CroppingTable
{
    private const int InPlaneMargin = 24;
    private const int DepthMargin = 3;
    private static readonly string[] _columns =
    [
        "publisher", "original_id", "extent_left", "extent_right", "extent_ant", "extent_post", "extent_inf", "extent_sup",
    ];

    private readonly Dictionary<(string Publisher, int Number), VoxelBox> _boxes = [];

    /// <exception cref="DatasetException">It is missing, lacks a column, or has a field that is no number.</exception>
    public CroppingTable(DatasetFolder folder, string rule)
    {
        Path = folder.Table("cropping.csv", rule);
        foreach (var row in CsvTable.Read(Path, _columns)) _boxes[(row["publisher"].ToUpperInvariant(), Number(row["original_id"]))] = Box(row);
    }

    /// <summary>The table's file.</summary>
    public string Path { get; }

    /// <summary>The box of an image with its margins; null where no row names it.</summary>
    public VoxelBox? Box(string publisher, string id) => _boxes.GetValueOrDefault((publisher, Number(id)));

    /// <summary>The image's second axis runs against the table's.</summary>
    private VoxelBox Box(IReadOnlyDictionary<string, string> row)
    {
        (int Low, int High) Range(string a, string b)
        {
            var (x, y) = (Voxel(row[a]), Voxel(row[b]));
            return (Math.Min(x, y), Math.Max(x, y));
        }
        var (left, ant, inf) = (Range("extent_left", "extent_right"), Range("extent_ant", "extent_post"), Range("extent_inf", "extent_sup"));
        return new VoxelBox(
            (left.Low - InPlaneMargin, ant.Low - InPlaneMargin, inf.Low - DepthMargin),
            (left.High + InPlaneMargin, ant.High + InPlaneMargin, inf.High + DepthMargin))
        { CountsWFromEnd = true };
    }

    /// <summary>PANCREAS_0007, img0007 and 7 are all number 7.</summary>
    private int Number(string id) => int.TryParse(id.AsSpan(id.TrimEnd("0123456789".ToCharArray()).Length), out var number)
        ? number
        : throw new DatasetException(Path, $"has the id '{id}', which does not end in a number.");

    private int Voxel(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var voxel)
        ? (int)Math.Round(voxel)
        : throw new DatasetException(Path, $"has '{text}' where a number of voxels is expected.");
}
