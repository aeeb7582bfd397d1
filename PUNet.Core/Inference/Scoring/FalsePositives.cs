namespace PUNet.Core.Inference.Scoring;

/// <summary>What was predicted of a class in subjects that lack it.</summary>
/// <param name="Subjects">Subjects whose reference lacks the class.</param>
/// <param name="Predicted">Those of them in which some of it was predicted.</param>
/// <param name="MeanMl">How much there on average, in ml; null where there is none.</param>
public sealed record FalsePositives(int Subjects, int Predicted, double? MeanMl)
{
    /// <summary>From the scores of a class.</summary>
    public static FalsePositives Of(IEnumerable<SubjectScore> scores)
    {
        var absent = scores.Where(score => score.Metric == SubjectScore.FalsePositive).Select(score => score.Value).OfType<double>().ToList();
        var predicted = absent.Where(ml => ml > 0).ToList();
        return new(absent.Count, predicted.Count, Statistics.Mean(predicted));
    }
}
