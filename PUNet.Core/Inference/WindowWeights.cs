using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Inference;

/// <summary>How much each position of a window counts where windows overlap (method.md, section 6).</summary>
public static class WindowWeights
{
    private const double SigmaPerVoxel = 1.0 / 8;
    private const double Cutoff = 4;
    private const double Least = 1e-3;

    /// <summary>Weights [H, W, D] of a window, float32, all positive.</summary>
    public static Tensor Of(Blending blending, Extent window)
    {
        if (blending == Blending.Constant) return ones(window.H, window.W, window.D);
        var (h, w, d) = (Gaussian(window.H), Gaussian(window.W), Gaussian(window.D));
        var weights = new float[window.Count];
        var i = 0;
        foreach (var alongH in h)
            foreach (var alongW in w)
                foreach (var alongD in d) weights[i++] = (float)(alongH * alongW * alongD);
        var highest = weights.Max();
        for (i = 0; i < weights.Length; i++) weights[i] /= highest;
        var least = Math.Max(weights.Where(weight => weight > 0).Min(), (float)Least);
        for (i = 0; i < weights.Length; i++) weights[i] = Math.Max(weights[i], least);
        return tensor(weights, window.H, window.W, window.D);
    }

    /// <summary>The normal density integrated over each voxel, centred at index ⌊n/2⌋, σ = n/8, zero beyond ⌊4σ + ½⌋ voxels (at least 1).</summary>
    private static double[] Gaussian(int n)
    {
        var sigma = n * SigmaPerVoxel;
        var tail = Math.Max((int)(Cutoff * sigma + 0.5), 1);
        using var borders = tensor([.. Enumerable.Range(-tail, 2 * tail + 2).Select(i => (i - 0.5) / (sigma * Math.Sqrt(2)))], ScalarType.Float64);
        using var integral = special.erf(borders);
        var cumulative = integral.data<double>().ToArray();
        return [.. Enumerable.Range(0, n).Select(i => i - n / 2).Select(offset =>
            Math.Abs(offset) > tail ? 0 : (cumulative[offset + tail + 1] - cumulative[offset + tail]) / 2)];
    }
}
