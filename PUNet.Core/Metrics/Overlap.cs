using PUNet.Core.Common;

namespace PUNet.Core.Metrics;

/// <summary>
/// Voxels of one class in a reference and in a prediction; voxels that the reference ignores (<see cref="IgnoredLabel"/>) are in neither.
/// </summary>
/// <param name="Reference">Voxels in the reference.</param>
/// <param name="Prediction">Voxels in the prediction.</param>
/// <param name="Common">Voxels in both.</param>
public readonly record struct Overlap(long Reference, long Prediction, long Common)
{
    /// <summary>2·common / (reference + prediction); null where the class is in neither.</summary>
    public double? Dice => Reference + Prediction == 0 ? null : 2.0 * Common / (Reference + Prediction);

    /// <summary>Common / union; null where the class is in neither.</summary>
    public double? Iou => Reference + Prediction == 0 ? null : (double)Common / (Reference + Prediction - Common);

    /// <summary>|prediction − reference| / reference; null where the reference lacks the class.</summary>
    public double? VolumeError => Reference == 0 ? null : Math.Abs((double)Prediction - Reference) / Reference;

    /// <summary>Of every class 0…<paramref name="classes"/> at once; labels above count for none.</summary>
    /// <param name="reference">Labels.</param>
    /// <param name="prediction">Labels of the same voxels.</param>
    /// <param name="classes">Number of foreground classes.</param>
    /// <returns>[1 + classes], background first.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static Overlap[] Count(ReadOnlySpan<byte> reference, ReadOnlySpan<byte> prediction, int classes)
    {
        if (reference.Length != prediction.Length)
            throw new ArgumentException($"Reference and prediction must have the same voxels; given {reference.Length} and {prediction.Length}.");
        var (inReference, inPrediction, common) = (new long[256], new long[256], new long[256]);
        for (var i = 0; i < reference.Length; i++)
        {
            if (reference[i] == IgnoredLabel.Value) continue;
            inReference[reference[i]]++;
            inPrediction[prediction[i]]++;
            if (reference[i] == prediction[i]) common[reference[i]]++;
        }
        return [.. Enumerable.Range(0, classes + 1).Select(c => new Overlap(inReference[c], inPrediction[c], common[c]))];
    }

    /// <summary>Of one class, predicted as a mask.</summary>
    /// <param name="prediction">Whether a voxel was predicted as the class.</param>
    /// <param name="reference">Labels of the same voxels.</param>
    /// <param name="label">The class.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static Overlap Of(ReadOnlySpan<bool> prediction, ReadOnlySpan<byte> reference, int label)
    {
        if (reference.Length != prediction.Length)
            throw new ArgumentException($"Reference and prediction must have the same voxels; given {reference.Length} and {prediction.Length}.");
        var (inReference, inPrediction, common) = (0L, 0L, 0L);
        for (var i = 0; i < reference.Length; i++)
        {
            if (reference[i] == label) inReference++;
            if (!prediction[i] || reference[i] == IgnoredLabel.Value) continue;
            inPrediction++;
            if (reference[i] == label) common++;
        }
        return new Overlap(inReference, inPrediction, common);
    }
}
