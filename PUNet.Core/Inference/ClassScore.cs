using System.Text.Json.Serialization;
using PUNet.Core.Inference.Scoring;
using PUNet.Core.Metrics;

namespace PUNet.Core.Inference;

/// <summary>What one class comes to over the subjects that have it.</summary>
/// <param name="Label">Its label in the prepared dataset.</param>
/// <param name="Name">Its name.</param>
/// <param name="Subjects">How many of the scored subjects have it; 0: it is absent and has no score.</param>
/// <param name="Figures">One for every metric.</param>
public sealed record ClassScore(int Label, string Name, int Subjects, IReadOnlyList<MetricFigure> Figures)
{
    /// <summary>What was predicted where the class is absent.</summary>
    public FalsePositives? WhereAbsent { get; init; }

    /// <summary>Mean Dice in percent; null where no subject has it.</summary>
    [JsonIgnore]
    public double? MeanDice => Figures.FirstOrDefault(figure => figure.Metric == SegmentationMetrics.Dice.Name)?.Mean;

    /// <summary>From the scores of all subjects. A subject has the class where some metric has a value: Dice of an empty prediction is 0.</summary>
    public static ClassScore Of(int label, string name, IEnumerable<SubjectScore> scores)
    {
        var own = scores.Where(score => score.Class == name).ToList();
        var subjects = own.Where(score => score.Metric != SubjectScore.FalsePositive).GroupBy(score => score.Subject)
            .Where(subject => subject.Any(score => score.Value is not null))
            .Select(subject => subject.ToDictionary(score => score.Metric, score => score.Value)).ToList();
        return new(label, name, subjects.Count, [.. SegmentationMetrics.All.Select(metric =>
            MetricFigure.Of(metric, [.. subjects.Select(subject => subject.GetValueOrDefault(metric.Name))]))])
        {
            WhereAbsent = FalsePositives.Of(own),
        };
    }
}
