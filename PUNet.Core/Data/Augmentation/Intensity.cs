using System.Numerics;
using System.Runtime.InteropServices;
using PUNet.Core.Common;

namespace PUNet.Core.Data.Augmentation;

/// <summary>Changes of a view's intensities, in place (method.md, section 6).</summary>
public static class Intensity
{
    /// <summary>Smallest and largest value.</summary>
    public static (float Low, float High) Range(ReadOnlySpan<float> image)
    {
        var (low, high) = (image[0], image[0]);
        var wide = MemoryMarshal.Cast<float, Vector<float>>(image);
        if (wide.Length > 0)
        {
            var (lows, highs) = (wide[0], wide[0]);
            foreach (var values in wide) (lows, highs) = (Vector.Min(lows, values), Vector.Max(highs, values));
            for (var i = 0; i < Vector<float>.Count; i++) (low, high) = (Math.Min(low, lows[i]), Math.Max(high, highs[i]));
        }
        foreach (var value in image[(wide.Length * Vector<float>.Count)..]) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        return (low, high);
    }

    /// <summary><c>((x − min)/(range + 1e-7))^γ · range + min</c>.</summary>
    public static void Contrast(Span<float> image, double gamma)
    {
        var (low, high) = Range(image);
        var (range, exponent) = (high - low, (float)gamma);
        var scale = 1 / (range + 1e-7f);
        for (var i = 0; i < image.Length; i++) image[i] = MathF.Pow((image[i] - low) * scale, exponent) * range + low;
    }

    /// <summary><c>x + factor · std(x)</c>, population standard deviation.</summary>
    public static void Shift(Span<float> image, double factor)
    {
        double sum = 0, squares = 0;
        foreach (var value in image) sum += value;
        var mean = sum / image.Length;
        foreach (var value in image) squares += (value - mean) * (value - mean);
        var offset = (float)(factor * Math.Sqrt(squares / image.Length));
        for (var i = 0; i < image.Length; i++) image[i] += offset;
    }

    /// <summary>Piecewise linear map through control points, both axes scaled from [0, 1] to the image's [min, max].</summary>
    /// <param name="image">Changed in place.</param>
    /// <param name="reference">Ascending, from 0 to 1.</param>
    /// <param name="floating">What each reference point becomes.</param>
    /// <exception cref="ArgumentException">The points are not pairs, or fewer than two.</exception>
    public static void HistogramShift(Span<float> image, ReadOnlySpan<float> reference, ReadOnlySpan<float> floating)
    {
        if (reference.Length != floating.Length || reference.Length < 2)
            throw new ArgumentException(
                $"A histogram shift needs at least two pairs of points, not {reference.Length} reference and {floating.Length} floating points.");
        var (low, high) = Range(image);
        var range = high - low;
        if (range == 0) return;
        var last = reference.Length - 1;
        for (var i = 0; i < image.Length; i++)
        {
            var x = (image[i] - low) / range;
            var piece = 0;
            while (piece < last - 1 && x > reference[piece + 1]) piece++;
            var part = Math.Clamp((x - reference[piece]) / (reference[piece + 1] - reference[piece]), 0, 1);
            image[i] = (floating[piece] + part * (floating[piece + 1] - floating[piece])) * range + low;
        }
    }

    /// <summary>Random control points: reference equally spaced; floating point i uniform between (new) i − 1 and (old) i + 1, in order.</summary>
    public static (float[] Reference, float[] Floating) DrawHistogramPoints(int points, RandomStream random)
    {
        var reference = new float[points];
        for (var i = 0; i < points; i++) reference[i] = i / (points - 1f);
        var floating = (float[])reference.Clone();
        for (var i = 1; i < points - 1; i++) floating[i] = (float)random.Uniform(floating[i - 1], floating[i + 1]);
        return (reference, floating);
    }
}
