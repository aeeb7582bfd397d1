namespace PUNet.Core.Data.Checks;

/// <summary>How a figure varies over subjects.</summary>
/// <param name="Smallest">Smallest.</param>
/// <param name="Median">Of an even number of subjects the mean of the middle two.</param>
/// <param name="Largest">Largest.</param>
public readonly record struct Spread(double Smallest, double Median, double Largest)
{
    /// <summary>Of values that are numbers; NaN throughout where none is.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Where(x => !double.IsNaN(x)).Order().ToList();
        return sorted.Count == 0
            ? new(double.NaN, double.NaN, double.NaN)
            : new(sorted[0], (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2, sorted[^1]);
    }
}
