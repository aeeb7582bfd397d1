using PUNet.Core.Common;

namespace PUNet.Core.Metrics;

/// <summary>Exact Euclidean distance to the nearest marked element (Felzenszwalb and Huttenlocher's lower envelopes, axis by axis).</summary>
internal static class DistanceTransform
{
    private const int Together = 16;

    /// <summary>Distances in mm, C-order; infinite where nothing is marked.</summary>
    /// <param name="marked">C-order [H, W, D].</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="spacing">Distance of neighbours along each axis, in mm.</param>
    public static double[] Run(bool[] marked, Extent extent, IReadOnlyList<double> spacing)
    {
        var distances = Array.ConvertAll(marked, m => m ? 0 : double.PositiveInfinity); // squared up to the last line
        int[] strides = [extent.W * extent.D, extent.D, 1];
        for (var axis = 2; axis >= 0; axis--) Along(distances, extent[axis], strides[axis], spacing[axis]);
        for (var i = 0; i < distances.Length; i++) distances[i] = Math.Sqrt(distances[i]);
        return distances;
    }

    /// <summary>Every line of an axis. Lines whose elements are neighbours in memory are copied together, as memory is read in blocks.</summary>
    private static void Along(double[] squared, int n, int stride, double step)
    {
        var (result, vertices, borders) = (new double[n], new int[n], new double[n + 1]);
        var block = new double[Together * n];
        for (var start = 0; start < squared.Length; start += n * stride)
            for (var offset = 0; offset < stride; offset += Together)
            {
                var lines = Math.Min(Together, stride - offset);
                for (var i = 0; i < n; i++)
                    for (var j = 0; j < lines; j++) block[j * n + i] = squared[start + i * stride + offset + j];
                for (var j = 0; j < lines; j++)
                {
                    var line = block.AsSpan(j * n, n);
                    Line(line, result, step, vertices, borders);
                    result.CopyTo(line);
                }
                for (var i = 0; i < n; i++)
                    for (var j = 0; j < lines; j++) squared[start + i * stride + offset + j] = block[j * n + i];
            }
    }

    private static void Line(ReadOnlySpan<double> values, Span<double> result, double step, int[] vertices, double[] borders)
    {
        var (n, last) = (values.Length, -1);
        for (var q = 0; q < n; q++)
        {
            if (double.IsPositiveInfinity(values[q])) continue;
            var border = double.NegativeInfinity;
            while (last >= 0)
            {
                border = Meeting(values, vertices[last], q, step);
                if (border > borders[last]) break;
                last--;
                border = double.NegativeInfinity;
            }
            last++;
            (vertices[last], borders[last]) = (q, last == 0 ? double.NegativeInfinity : border);
        }
        if (last < 0)
        {
            result.Fill(double.PositiveInfinity);
            return;
        }
        for (int q = 0, k = 0; q < n; q++)
        {
            while (k < last && borders[k + 1] < q * step) k++;
            var away = (q - vertices[k]) * step;
            result[q] = away * away + values[vertices[k]];
        }
    }

    /// <summary>Where the parabolas over two elements meet, in mm.</summary>
    private static double Meeting(ReadOnlySpan<double> values, int p, int q, double step)
    {
        var (a, b) = (p * step, q * step);
        return (values[q] + b * b - values[p] - a * a) / (2 * (b - a));
    }
}
