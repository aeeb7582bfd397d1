using PUNet.Core.Common;

namespace PUNet.Core.Imaging;

/// <summary>
/// Resampling along the array axes (method.md, section 5): output i reads position (i + ½)·n_in/n_out − ½ of the input.
/// Images: Gaussian of σ = max(0, (n_in/n_out − 1)/2) voxels per axis, then linear, both seeing the image's minimum outside.
/// Labels: nearest.
/// </summary>
public static class Resampling
{
    private const double GaussianReach = 4; // in σ

    /// <summary>Extent after resampling: round(n · spacing / target), at least 1.</summary>
    public static Extent Extent(Extent extent, Spacing spacing, Spacing target) =>
        Common.Extent.From(axis => Math.Max(1, (int)Math.Round(extent[axis] * spacing[axis] / target[axis])));

    /// <summary>Position in the input that an output index reads, in voxels.</summary>
    public static double Position(int index, int input, int output) => (index + 0.5) * input / output - 0.5;

    /// <summary>An image on another grid over the same box.</summary>
    /// <param name="image">C-order [H, W, D].</param>
    /// <param name="extent">Its extent.</param>
    /// <param name="target">Extent of the result.</param>
    public static float[] Image(float[] image, Extent extent, Extent target)
    {
        if (extent == target) return (float[])image.Clone();
        var outside = image.Length == 0 ? 0 : image.Min();
        var current = Array.ConvertAll(image, x => x - outside); // so that outside is zero
        for (var axis = 2; axis >= 0; axis--)
        {
            if (extent[axis] == target[axis]) continue;
            var (along, wanted) = (axis, target[axis]);
            var next = Common.Extent.From(a => a == along ? wanted : extent[a]);
            current = Axis(current, extent, axis, Weights(extent[axis], wanted));
            extent = next;
        }
        for (var i = 0; i < current.Length; i++) current[i] += outside;
        return current;
    }

    /// <summary>Labels on another grid over the same box; never mixes labels.</summary>
    /// <param name="labels">C-order [H, W, D].</param>
    /// <param name="extent">Their extent.</param>
    /// <param name="target">Extent of the result.</param>
    public static T[] Labels<T>(T[] labels, Extent extent, Extent target)
    {
        var (rows, columns, slices) = (Nearest(extent.H, target.H), Nearest(extent.W, target.W), Nearest(extent.D, target.D));
        var result = new T[target.Count];
        var at = 0L;
        foreach (var h in rows)
            foreach (var w in columns)
            {
                var from = ((long)h * extent.W + w) * extent.D;
                foreach (var d in slices) result[at++] = labels[from + d];
            }
        return result;
    }

    private static int[] Nearest(int input, int output)
    {
        var indices = new int[output];
        for (var i = 0; i < output; i++) indices[i] = Math.Clamp((int)Math.Floor(Position(i, input, output) + 0.5), 0, input - 1);
        return indices;
    }

    /// <summary>For every output index the inputs it reads and how much: linear after Gaussian.</summary>
    private static (int First, float[] Weights)[] Weights(int input, int output)
    {
        var gaussian = Gaussian(Math.Max(0, ((double)input / output - 1) / 2));
        var radius = gaussian.Length / 2;
        var all = new (int First, float[] Weights)[output];
        for (var i = 0; i < output; i++)
        {
            var position = Position(i, input, output);
            var below = (int)Math.Floor(position);
            var fraction = position - below;
            var (first, last) = (Math.Max(0, below - radius), Math.Min(input - 1, below + 1 + radius));
            var weights = new float[last - first + 1];
            for (var k = first; k <= last; k++)
                weights[k - first] = (float)(Tap(below, k, 1 - fraction) + Tap(below + 1, k, fraction));
            all[i] = (first, weights);
        }
        return all;

        double Tap(int centre, int k, double linear) =>
            centre < 0 || centre >= input || Math.Abs(k - centre) > radius ? 0 : linear * gaussian[k - centre + radius];
    }

    private static double[] Gaussian(double sigma)
    {
        var radius = (int)(GaussianReach * sigma + 0.5);
        var weights = new double[2 * radius + 1];
        for (var k = -radius; k <= radius; k++) weights[k + radius] = sigma > 0 ? Math.Exp(-0.5 * k * k / (sigma * sigma)) : 1;
        var sum = weights.Sum();
        return Array.ConvertAll(weights, w => w / sum);
    }

    private static float[] Axis(float[] image, Extent extent, int axis, (int First, float[] Weights)[] weights)
    {
        var inner = axis switch { 0 => extent.W * extent.D, 1 => extent.D, _ => 1 };
        var outer = (int)(extent.Count / extent[axis] / inner);
        var result = new float[(long)outer * weights.Length * inner];
        for (var o = 0; o < outer; o++)
            for (var i = 0; i < weights.Length; i++)
            {
                var (first, taps) = weights[i];
                var target = result.AsSpan((o * weights.Length + i) * inner, inner);
                for (var k = 0; k < taps.Length; k++)
                {
                    var source = image.AsSpan((o * extent[axis] + first + k) * inner, inner);
                    var weight = taps[k];
                    if (weight == 0) continue;
                    for (var j = 0; j < target.Length; j++) target[j] += weight * source[j];
                }
            }
        return result;
    }
}
