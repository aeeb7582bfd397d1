using PUNet.Core.Imaging;
using PUNet.Core.Metrics;

namespace PUNet.Core.Inference.Scoring;

/// <summary>Scores one predicted label map against its reference, every class by all metrics, on all processors.</summary>
internal static class LabelMapScores
{
    /// <summary>The scores, class by class, and the counts behind them.</summary>
    /// <param name="name">Of the case.</param>
    /// <param name="prediction">On the reference's grid.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="classes">At most 254.</param>
    public static (IReadOnlyList<SubjectScore> Scores, IReadOnlyList<CaseCounts> Counts) Of(
        string name, LabelMap prediction, LabelMap reference, IReadOnlyList<ScoredClass> classes)
    {
        var places = classes.Select((known, i) => (known.Value, Place: (byte)(i + 1))).ToDictionary(entry => entry.Value, entry => entry.Place);
        var table = new byte[ushort.MaxValue + 1];
        foreach (var (value, place) in places) table[value] = place;
        var inPrediction = Array.ConvertAll(prediction.Data, value => table[value]);
        var inReference = Array.ConvertAll(reference.Data, value => table[value]);
        var overlaps = Overlap.Count(inReference, inPrediction, classes.Count);
        var spacing = reference.Geometry.Spacing.ToArray();
        var scores = new IReadOnlyList<SubjectScore>[classes.Count];
        Parallel.For(0, classes.Count, i =>
        {
            var masks = new MaskPair(Array.ConvertAll(inPrediction, place => place == i + 1), inReference, i + 1, reference.Extent, spacing);
            scores[i] = [.. SubjectScore.Of(name, classes[i].Name, masks)];
        });
        return (
            [.. scores.SelectMany(list => list)],
            [.. classes.Select((known, i) => new CaseCounts(name, known, overlaps[i + 1], reference.Extent.Count))]);
    }
}
