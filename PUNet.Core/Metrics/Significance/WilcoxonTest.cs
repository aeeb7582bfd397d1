namespace PUNet.Core.Metrics.Significance;

/// <summary>
/// Wilcoxon's signed-rank test of paired differences (1945), two-sided. Differences of zero are left out, equal ones share the mean of
/// their ranks. Exact by counting all signs up to 40 differences, beyond that the normal approximation with the correction for ties.
/// </summary>
public static class WilcoxonTest
{
    private const int MostExact = 40;

    /// <summary>Probability of a rank sum at least as far from its middle if neither side were better; null without a difference.</summary>
    public static double? P(IReadOnlyList<double> differences)
    {
        var kept = differences.Where(difference => difference != 0).ToList();
        if (kept.Count == 0) return null;
        var ranks = DoubledRanks(kept);
        var positive = kept.Zip(ranks).Where(entry => entry.First > 0).Sum(entry => entry.Second);
        return kept.Count <= MostExact ? Exact(ranks, positive) : Approximate(ranks, positive);
    }

    /// <summary>Twice the rank of each absolute difference, so that shared ranks are whole.</summary>
    private static int[] DoubledRanks(List<double> differences)
    {
        var sizes = differences.Select(Math.Abs).ToList();
        return [.. sizes.Select(size => 2 * sizes.Count(other => other < size) + sizes.Count(other => other == size) + 1)];
    }

    private static double Exact(int[] ranks, int positive)
    {
        var total = ranks.Sum();
        var ways = new double[total + 1]; // of signs that give a sum
        ways[0] = 1;
        foreach (var rank in ranks)
            for (var sum = total; sum >= rank; sum--) ways[sum] += ways[sum - rank];
        var far = Math.Abs(2 * positive - total);
        var extreme = 0.0;
        for (var sum = 0; sum <= total; sum++)
            if (Math.Abs(2 * sum - total) >= far) extreme += ways[sum];
        return Math.Min(1, extreme / Math.Pow(2, ranks.Length));
    }

    private static double Approximate(int[] ranks, int positive)
    {
        var (middle, variance) = (ranks.Sum() / 2.0, ranks.Sum(rank => (double)rank * rank) / 4);
        var distance = Math.Max(0, Math.Abs(positive - middle) - 1) / Math.Sqrt(variance); // 1: half a rank, for continuity
        return Math.Min(1, 2 * UpperTail(distance));
    }

    /// <summary>Of the standard normal, by the continued fraction of Abramowitz and Stegun 26.2.14, or the series 26.2.10 near the middle.</summary>
    private static double UpperTail(double x)
    {
        var density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (x > 3)
        {
            var fraction = x;
            for (var i = 60; i >= 1; i--) fraction = x + i / fraction;
            return density / fraction;
        }
        var (term, sum) = (x, x);
        for (var i = 1; i < 100; i++)
        {
            term *= x * x / (2 * i + 1);
            sum += term;
        }
        return 0.5 - density * sum;
    }
}
