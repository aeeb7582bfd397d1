using PUNet.Core.Common;

namespace PUNet.Core.Data.Augmentation;

/// <summary>The random changes of a view's intensities, in the published order (method.md, section 4).</summary>
public static class Distortion
{
    /// <summary>One of {nothing, cut-out, keep only, shuffle}; then bias field, shift, contrast, histogram shift, each by chance.</summary>
    /// <param name="image">C-order [H, W, D], changed in place.</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="options">Probabilities and ranges.</param>
    /// <param name="random">Where every draw comes from.</param>
    public static void Apply(Span<float> image, Extent extent, AugmentationOptions options, RandomStream random)
    {
        ApplyBoxes(image, extent, options, random);
        if (random.Chance(options.BiasFieldProbability))
        {
            Span<float> coefficients = stackalloc float[BiasField.Coefficients];
            foreach (ref var coefficient in coefficients) coefficient = (float)options.BiasFieldCoefficient.Draw(random);
            BiasField.Apply(image, extent, coefficients);
        }
        if (random.Chance(options.ShiftProbability)) Intensity.Shift(image, options.Shift.Draw(random));
        if (random.Chance(options.ContrastProbability)) Intensity.Contrast(image, options.ContrastGamma.Draw(random));
        if (random.Chance(options.HistogramProbability))
        {
            var (reference, floating) = Intensity.DrawHistogramPoints(options.HistogramPoints.Draw(random), random);
            Intensity.HistogramShift(image, reference, floating);
        }
    }

    private static void ApplyBoxes(Span<float> image, Extent extent, AugmentationOptions options, RandomStream random)
    {
        var choice = random.NextDouble();
        if ((choice -= options.CutOutProbability) < 0) Boxes.CutOut(image, extent, options.CutOut, random);
        else if ((choice -= options.KeepOnlyProbability) < 0) Boxes.KeepOnly(image, extent, options.KeepOnly, random);
        else if (choice - options.ShuffleProbability < 0) Boxes.Shuffle(image, extent, options.Shuffle, random);
    }
}
