namespace PUNet.Core.Inference;

/// <summary>Figures over several values; what does not exist is no number.</summary>
public static class Statistics
{
    /// <summary>Arithmetic mean; null of no value.</summary>
    public static double? Mean(IReadOnlyCollection<double> values) => values.Count == 0 ? null : values.Average();

    /// <summary>Standard deviation (n − 1); null of fewer than two values.</summary>
    public static double? Deviation(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2) return null;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / (values.Count - 1));
    }
}
