using PUNet.Core.Metrics;
using PUNet.Core.Metrics.Significance;

namespace PUNet.Core.Inference.Results;

/// <summary>A metric of one variant less that of another.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Difference">Of the means, in the metric's unit; null where one of them is missing.</param>
/// <param name="PairedMean">
/// Mean over subjects of the differences within a subject, in the metric's unit; null where the two did not score the same subjects, or
/// no subject has a value of both. A subject's value is its mean over trainings.
/// </param>
/// <param name="PairedDeviation">Standard deviation (n − 1) of the same; null where there are fewer than two.</param>
/// <param name="Pairs">Subjects with a value of both.</param>
public sealed record MetricDifference(string Metric, double? Difference, double? PairedMean, double? PairedDeviation, int Pairs)
{
    /// <summary>
    /// Ends of the 95 % interval of <see cref="PairedMean"/> (<see cref="Bootstrap"/>), in the metric's unit; null of fewer than three pairs.
    /// </summary>
    public double? Low { get; init; }

    /// <inheritdoc cref="Low"/>
    public double? High { get; init; }

    /// <summary>Two-sided p of the differences within subjects (<see cref="WilcoxonTest"/>); null where no two differ.</summary>
    public double? P { get; init; }

    /// <summary>One metric of one class.</summary>
    internal static MetricDifference Of(SegmentationMetric metric, string @class, ResultVariant left, ResultVariant right)
    {
        var difference = Mean(left) - Mean(right);
        var (ours, theirs) = (left.Subjects(@class, metric), right.Subjects(@class, metric));
        if (!ours.Keys.Order().SequenceEqual(theirs.Keys.Order())) return new(metric.Name, difference, null, null, 0);
        List<double> paired = [.. ours.Select(subject => subject.Value - theirs[subject.Key]).OfType<double>()];
        var interval = Bootstrap.Interval(paired);
        return new(metric.Name, difference, Statistics.Mean(paired) * metric.Scale, Statistics.Deviation(paired) * metric.Scale, paired.Count)
        {
            Low = interval?.Low * metric.Scale,
            High = interval?.High * metric.Scale,
            P = WilcoxonTest.P(paired),
        };

        double? Mean(ResultVariant variant) => variant.Lines.First(line => line.Class == @class).Figure(metric)?.Mean;
    }
}
