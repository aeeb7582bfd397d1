using System.Globalization;
using PUNet.Core.Common.Files;
using PUNet.Core.Metrics;

namespace PUNet.Core.Inference;

/// <summary>A record of <c>scores.csv</c>: a metric of one class in one subject.</summary>
/// <param name="Subject">The subject's name.</param>
/// <param name="Class">The class's name.</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Value">A share as 0–1, a distance in mm; null where the subject lacks the class, or the metric is not defined.</param>
public sealed record SubjectScore(string Subject, string Class, string Metric, double? Value)
{
    /// <summary>Its name in the evaluation's folder.</summary>
    public const string FileName = "scores.csv";

    /// <summary>The record of a subject whose reference lacks the class: how much of it was predicted all the same, in ml.</summary>
    public const string FalsePositive = "false_positive_ml";

    private static readonly string[] _columns = ["subject", "class", "metric", "value"];

    /// <summary>
    /// Every metric of a class in a subject. Subjects whose reference lacks the class have no value: in clinical data it is often just
    /// not contoured. What was predicted there stands in <see cref="FalsePositive"/>, a record that the others lack.
    /// </summary>
    public static IEnumerable<SubjectScore> Of(string subject, string @class, MaskPair masks)
    {
        var isAbsent = masks.Overlap.Reference == 0;
        var scores = SegmentationMetrics.All.Select(metric => new SubjectScore(subject, @class, metric.Name, isAbsent ? null : metric.Value(masks)));
        return isAbsent ? scores.Append(new(subject, @class, FalsePositive, masks.Overlap.Prediction * masks.VoxelMl)) : scores;
    }

    /// <summary>Writes <c>scores.csv</c>.</summary>
    public static void Write(string folder, IEnumerable<SubjectScore> scores) =>
        AtomicFile.WriteText(Path.Combine(folder, FileName), Csv.Write(scores
            .Select(score => (IReadOnlyList<string>)[score.Subject, score.Class, score.Metric, Text(score.Value)])
            .Prepend(_columns)));

    /// <summary>Reads <c>scores.csv</c>.</summary>
    /// <exception cref="IOException">The folder holds no such file, or it is damaged.</exception>
    public static IReadOnlyList<SubjectScore> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            var records = Csv.Read(File.ReadAllText(path)).Select(record => record.Fields).ToList();
            int[] at = [.. _columns.Select(column => records.FirstOrDefault([]).ToList().IndexOf(column))];
            if (at.Contains(-1)) throw new FormatException($"lacks one of the columns {string.Join(", ", _columns)}.");
            if (records.Any(fields => fields.Count != records[0].Count)) throw new FormatException("has records of different length.");
            return [.. records.Skip(1).Select(fields => new SubjectScore(fields[at[0]], fields[at[1]], fields[at[2]], Parsed(fields[at[3]])))];
        }
        catch (FormatException e)
        {
            throw new IOException($"{path} holds no scores: it {e.Message}", e);
        }
    }

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static double? Parsed(string text)
    {
        if (text == "") return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"has '{text}' for a value.");
    }
}
