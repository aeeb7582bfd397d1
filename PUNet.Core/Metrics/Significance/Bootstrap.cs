using PUNet.Core.Common;

namespace PUNet.Core.Metrics.Significance;

/// <summary>How sure a mean over few values is: percentile bootstrap (Efron 1979).</summary>
public static class Bootstrap
{
    private const int Resamples = 10_000;

    /// <summary>
    /// The interval that holds the mean of 95 of 100 resamples; null of fewer than three values, of which resamples say nothing. The same
    /// values in the same order give the same interval.
    /// </summary>
    public static (double Low, double High)? Interval(IReadOnlyList<double> values)
    {
        if (values.Count < 3) return null;
        var random = new RandomStream(values.Count, "bootstrap");
        var means = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            var sum = 0.0;
            for (var k = 0; k < values.Count; k++) sum += values[random.Integer(0, values.Count)];
            means[i] = sum / values.Count;
        }
        Array.Sort(means);
        return (means[Resamples / 40], means[Resamples - 1 - Resamples / 40]);
    }
}
