using System.Globalization;
using System.Text.Json;
using PUNet.Core.Common;
using PUNet.Core.Inference.Prediction;

namespace PUNet.Core.Inference.Scoring;

/// <summary>
/// Names of label values as folders tell them: <c>labels.json</c> (value: name), or nnU-Net's <c>dataset.json</c> (labels, name: value).
/// </summary>
internal static class ClassFiles
{
    private const string DatasetFile = "dataset.json";

    /// <summary>The classes that a folder or the one around it names; null where none does.</summary>
    /// <exception cref="ConfigurationException">A file is there and cannot be understood.</exception>
    public static IReadOnlyList<ScoredClass>? In(string folder)
    {
        var above = Path.GetDirectoryName(Path.GetFullPath(folder)) ?? folder;
        string[] files = [Path.Combine(folder, PredictionTables.LabelsFile), Path.Combine(folder, DatasetFile), Path.Combine(above, DatasetFile)];
        return Array.Find(files, File.Exists) is { } file ? Read(file) : null;
    }

    private static List<ScoredClass> Read(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            var root = document.RootElement;
            var labels = Path.GetFileName(file) == DatasetFile ? root.GetProperty("labels") : root;
            return [.. labels.EnumerateObject().Select(Class).Where(known => known.Value != 0).OrderBy(known => known.Value)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new ConfigurationException([$"{file} does not name label values: {e.Message} Name the classes: --classes 1=liver,2=spleen"]);
        }
    }

    private static ScoredClass Class(JsonProperty entry) => entry.Value.ValueKind == JsonValueKind.Number
        ? new(entry.Value.GetInt32(), entry.Name)
        : new(int.Parse(entry.Name, CultureInfo.InvariantCulture), entry.Value.GetString() ?? "");
}
