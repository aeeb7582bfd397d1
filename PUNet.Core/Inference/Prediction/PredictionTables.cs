using System.Globalization;
using PUNet.Core.Common.Files;

namespace PUNet.Core.Inference.Prediction;

/// <summary>What is written once for all scans of a prediction.</summary>
public static class PredictionTables
{
    /// <summary>What the values of the label maps mean.</summary>
    public const string LabelsFile = "labels.json";

    /// <summary>A line for each class of each scan.</summary>
    public const string VolumesFile = "volumes.csv";

    private static readonly string[] _columns = ["scan", "class", "label", "voxels", "volume_ml", "mean_intensity"];

    /// <summary>Writes <c>labels.json</c>: names by value, in the order of the values.</summary>
    public static void WriteLabels(string folder, IEnumerable<PredictedClass> classes) => JsonFile.Write(
        Path.Combine(folder, LabelsFile),
        classes.OrderBy(known => known.Value)
            .ToDictionary(known => known.Value.ToString(CultureInfo.InvariantCulture), known => known.Name));

    /// <summary>Writes <c>volumes.csv</c>.</summary>
    public static void WriteVolumes(string folder, IEnumerable<PredictedScan> scans) => AtomicFile.WriteText(
        Path.Combine(folder, VolumesFile),
        Csv.Write(scans.SelectMany(scan => scan.Volumes.Select(volume => Record(scan.Scan, volume))).Prepend(_columns)));

    private static IReadOnlyList<string> Record(string scan, ClassVolume volume) =>
    [
        scan, volume.Class.Name, Text(volume.Class.Value), Text(volume.Voxels), Text(volume.Millilitres),
        volume.MeanIntensity is { } mean ? Text(mean) : "",
    ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
