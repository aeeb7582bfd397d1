namespace PUNet.Core.Imaging;

/// <summary>Clipped linear maps of intensities.</summary>
public static class IntensityWindow
{
    /// <summary>
    /// Clips to [low, high] and maps linearly to [from, to]; what is not a number counts as <paramref name="low"/>.
    /// With low = high everything maps to <paramref name="from"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The bounds are not finite or low lies above high.</exception>
    public static float[] Map(ReadOnlySpan<float> intensities, double low, double high, double from, double to)
    {
        var mapped = intensities.ToArray();
        MapInPlace(mapped, low, high, from, to);
        return mapped;
    }

    /// <summary>The same in place.</summary>
    /// <inheritdoc cref="Map"/>
    public static void MapInPlace(Span<float> mapped, double low, double high, double from, double to)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low > high)
            throw new ArgumentException(
                FormattableString.Invariant($"An intensity window needs finite bounds, low below high; given [{low}, {high}]."));
        var scale = high > low ? (to - from) / (high - low) : 0;
        for (var i = 0; i < mapped.Length; i++)
        {
            double x = mapped[i];
            x = double.IsNaN(x) ? low : Math.Clamp(x, low, high);
            mapped[i] = (float)(from + (x - low) * scale);
        }
    }

    /// <summary>Two percentiles (0–100) of the finite values, linear between order statistics; (0, 0) where nothing is finite.</summary>
    /// <exception cref="ArgumentException">The percentiles are not ordered within 0…100.</exception>
    public static (double Low, double High) Percentiles(ReadOnlySpan<float> intensities, double low, double high)
    {
        if (!(low >= 0 && low < high && high <= 100))
            throw new ArgumentException(FormattableString.Invariant($"Percentiles lie in 0…100, the lower first; given {low} and {high}."));
        var finite = new float[intensities.Length];
        var n = 0;
        foreach (var x in intensities)
            if (float.IsFinite(x)) finite[n++] = x;
        if (n == 0) return (0, 0);
        Array.Sort(finite, 0, n);
        return (At(low), At(high));

        double At(double percent)
        {
            var position = percent / 100 * (n - 1);
            var below = (int)Math.Floor(position);
            var above = Math.Min(below + 1, n - 1);
            return finite[below] + (position - below) * (finite[above] - (double)finite[below]);
        }
    }
}
