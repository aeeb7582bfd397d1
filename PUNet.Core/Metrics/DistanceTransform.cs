using PUNet.Core.Common;

namespace PUNet.Core.Metrics;

/// <summary>Exact Euclidean distance to the nearest marked element (Felzenszwalb and Huttenlocher's lower envelopes, axis by axis).</summary>
internal static class DistanceTransform
{
    /// <summary>Distances in mm, C-order; infinite where nothing is marked.</summary>
    /// <param name="marked">C-order [H, W, D].</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="spacing">Distance of neighbours along each axis, in mm.</param>
    public static double[] Run(bool[] marked, Extent extent, IReadOnlyList<double> spacing)
    {
        var squared = Array.ConvertAll(marked, m => m ? 0 : double.PositiveInfinity);
        int[] strides = [extent.W * extent.D, extent.D, 1];
        var longest = Math.Max(extent.H, Math.Max(extent.W, extent.D));
        var (line, result, vertices, borders) = (new double[longest], new double[longest], new int[longest], new double[longest + 1]);
        for (var axis = 0; axis < 3; axis++)
        {
            var (n, stride, inner) = (extent[axis], strides[axis], strides[axis]);
            for (var start = 0; start < squared.Length; start++)
            {
                if (start / inner % n != 0) continue; // not the first element of a line
                for (var i = 0; i < n; i++) line[i] = squared[start + i * stride];
                Line(line, result, n, spacing[axis], vertices, borders);
                for (var i = 0; i < n; i++) squared[start + i * stride] = result[i];
            }
        }
        return Array.ConvertAll(squared, Math.Sqrt);
    }

    private static void Line(double[] values, double[] result, int n, double step, int[] vertices, double[] borders)
    {
        var last = -1;
        for (var q = 0; q < n; q++)
        {
            if (double.IsPositiveInfinity(values[q])) continue;
            var border = double.NegativeInfinity;
            while (last >= 0)
            {
                border = Meeting(vertices[last], q);
                if (border > borders[last]) break;
                last--;
                border = double.NegativeInfinity;
            }
            last++;
            (vertices[last], borders[last]) = (q, last == 0 ? double.NegativeInfinity : border);
        }
        if (last < 0)
        {
            Array.Fill(result, double.PositiveInfinity, 0, n);
            return;
        }
        for (int q = 0, k = 0; q < n; q++)
        {
            while (k < last && borders[k + 1] < q * step) k++;
            var away = (q - vertices[k]) * step;
            result[q] = away * away + values[vertices[k]];
        }

        double Meeting(int p, int q)
        {
            var (a, b) = (p * step, q * step);
            return (values[q] + b * b - values[p] - a * a) / (2 * (b - a));
        }
    }
}
