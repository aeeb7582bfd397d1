using PUNet.Core.Metrics;

namespace PUNet.Core.Inference;

/// <summary>A metric of one class over subjects, or over trainings that differ in their seed.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Mean">In the metric's unit; null where there is no value.</param>
/// <param name="Deviation">Standard deviation (n − 1), in the metric's unit; null where there are fewer than two values.</param>
/// <param name="N">Values that the mean is over: subjects, or of several trainings those that have a mean themselves.</param>
/// <param name="Undefined">Empty predictions, for which the metric is not defined, of subjects that have the class; in no mean.</param>
public sealed record MetricFigure(string Metric, double? Mean, double? Deviation, int N, int Undefined)
{
    /// <summary>From the values of the subjects that have the class.</summary>
    public static MetricFigure Of(SegmentationMetric metric, IReadOnlyList<double?> values)
    {
        List<double> defined = [.. values.OfType<double>()];
        return new(
            metric.Name, Statistics.Mean(defined) * metric.Scale, Statistics.Deviation(defined) * metric.Scale, defined.Count,
            values.Count - defined.Count);
    }

    /// <summary>Mean and standard deviation of the means of several trainings.</summary>
    public static MetricFigure Over(IReadOnlyList<MetricFigure> trainings)
    {
        if (trainings.Count == 1) return trainings[0];
        List<double> means = [.. trainings.Select(figure => figure.Mean).OfType<double>()];
        return new(
            trainings[0].Metric, Statistics.Mean(means), Statistics.Deviation(means), means.Count, trainings.Sum(figure => figure.Undefined));
    }
}
