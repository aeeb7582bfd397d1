using System.Globalization;
using System.Text.Json;
using PUNet.Core.Common.Files;

namespace PUNet.Core.Inference.Scoring;

/// <summary>
/// Scores in the form of nnU-Net's <c>summary.json</c>: per case and class Dice, IoU, voxels of TP, FP, FN, TN, of prediction and reference;
/// their means over cases; and the means over classes. What is not defined is null, which nnU-Net writes as NaN.
/// </summary>
internal static class NnUNetSummary
{
    /// <summary>Its name.</summary>
    public const string FileName = "summary.json";

    private static readonly (string Name, Func<CaseCounts, double?> Value)[] _figures =
    [
        ("Dice", counts => counts.Overlap.Dice), ("IoU", counts => counts.Overlap.Iou), ("TP", counts => counts.TruePositives),
        ("FP", counts => counts.FalsePositives), ("FN", counts => counts.FalseNegatives), ("TN", counts => counts.TrueNegatives),
        ("n_pred", counts => counts.Overlap.Prediction), ("n_ref", counts => counts.Overlap.Reference),
    ];

    /// <summary>Writes it.</summary>
    public static void Write(string path, FolderScores scores) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        var means = scores.Classes.Select(known => (known, Figures: Means(scores.Counts.Where(counts => counts.Class == known)))).ToList();
        Object(json, "foreground_mean", _figures.Select((_, i) => Statistics.Mean([.. means.Select(mean => mean.Figures[i]).OfType<double>()])));
        json.WriteStartObject("mean");
        foreach (var (known, figures) in means) Object(json, Text(known), figures);
        json.WriteEndObject();
        json.WriteStartArray("metric_per_case");
        foreach (var (name, prediction, reference) in scores.Cases) Case(json, name, prediction, reference, scores);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Case(Utf8JsonWriter json, string name, string prediction, string reference, FolderScores scores)
    {
        json.WriteStartObject();
        json.WriteStartObject("metrics");
        foreach (var counts in scores.Counts.Where(counts => counts.Case == name))
            Object(json, Text(counts.Class), _figures.Select(figure => figure.Value(counts)));
        json.WriteEndObject();
        json.WriteString("prediction_file", prediction);
        json.WriteString("reference_file", reference);
        json.WriteEndObject();
    }

    private static IReadOnlyList<double?> Means(IEnumerable<CaseCounts> counts)
    {
        var all = counts.ToList();
        return [.. _figures.Select(figure => Statistics.Mean([.. all.Select(figure.Value).OfType<double>()]))];
    }

    private static void Object(Utf8JsonWriter json, string name, IEnumerable<double?> values)
    {
        json.WriteStartObject(name);
        foreach (var (figure, value) in _figures.Zip(values))
            if (value is { } number) json.WriteNumber(figure.Name, number);
            else json.WriteNull(figure.Name);
        json.WriteEndObject();
    }

    private static string Text(ScoredClass known) => known.Value.ToString(CultureInfo.InvariantCulture);
}
