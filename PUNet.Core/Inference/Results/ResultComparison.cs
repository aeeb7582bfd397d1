using PUNet.Core.Metrics;

namespace PUNet.Core.Inference.Results;

/// <summary>One class of one variant set beside the same class of another.</summary>
public sealed record ResultComparison
{
    /// <summary>The class.</summary>
    public required string Class { get; init; }

    /// <summary>The variant.</summary>
    public required string Variant { get; init; }

    /// <summary>The variant that is subtracted.</summary>
    public required string Against { get; init; }

    /// <summary>Subjects that have the class, where the two scored the same ones; null where they did not.</summary>
    public required int? Subjects { get; init; }

    /// <summary>One for every metric.</summary>
    public required IReadOnlyList<MetricDifference> Differences { get; init; }

    /// <summary>The difference in a metric; null where it was not computed.</summary>
    public MetricDifference? Difference(SegmentationMetric metric) => Differences.FirstOrDefault(found => found.Metric == metric.Name);

    /// <summary>Every class that both variants were scored on.</summary>
    internal static IEnumerable<ResultComparison> Of(ResultVariant left, ResultVariant right) =>
        from line in left.Lines
        where right.Lines.Any(other => other.Class == line.Class)
        let ours = left.Subjects(line.Class, SegmentationMetrics.Dice).Keys.ToHashSet()
        select new ResultComparison
        {
            Class = line.Class,
            Variant = left.Name,
            Against = right.Name,
            Subjects = ours.SetEquals(right.Subjects(line.Class, SegmentationMetrics.Dice).Keys) ? ours.Count : null,
            Differences = [.. SegmentationMetrics.All.Select(metric => MetricDifference.Of(metric, line.Class, left, right))],
        };
}
