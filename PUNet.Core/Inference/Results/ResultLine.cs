using PUNet.Core.Common;
using PUNet.Core.Inference.Scoring;
using PUNet.Core.Metrics;

namespace PUNet.Core.Inference.Results;

/// <summary>A line of a result table: one class of one variant.</summary>
public sealed record ResultLine
{
    /// <summary>The class.</summary>
    public required string Class { get; init; }

    /// <summary>What was done, for example promptTune.</summary>
    public required string Variant { get; init; }

    /// <summary>
    /// One for every metric: mean and standard deviation over subjects, or of several <see cref="Seeds"/> over the means of each.
    /// </summary>
    public required IReadOnlyList<MetricFigure> Figures { get; init; }

    /// <summary>The part of the dataset that was scored.</summary>
    public required Part Part { get; init; }

    /// <summary>Subjects of the part that have the class.</summary>
    public required int Subjects { get; init; }

    /// <summary>All subjects of the part.</summary>
    public required int PartSubjects { get; init; }

    /// <summary>Trainings, which differ in their seed, that the line is the mean of.</summary>
    public required int Seeds { get; init; }

    /// <summary>Parameters that were trained; null for a backbone.</summary>
    public required long? TrainedParameters { get; init; }

    /// <summary>Parameters of the body and those trained beside it; null for a backbone.</summary>
    public required long? TotalParameters { get; init; }

    /// <summary>What the trainings warned of, one sentence or more for each training that did.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What was predicted where the class is absent; of several seeds by the first.</summary>
    public FalsePositives? WhereAbsent { get; init; }

    /// <summary>The line of a class in an evaluation.</summary>
    public static ResultLine Of(string variant, EvaluationSummary summary, ClassScore score) => new()
    {
        Class = score.Name,
        Variant = variant,
        Figures = score.Figures,
        Part = summary.Part,
        Subjects = score.Subjects,
        PartSubjects = summary.Subjects,
        Seeds = 1,
        TrainedParameters = summary.TrainedParameters,
        TotalParameters = summary.TotalParameters,
        WhereAbsent = score.WhereAbsent,
        Warnings = [.. summary.Warnings.Where(warning => warning.Label == score.Label).Select(warning => warning.Text)],
    };

    /// <summary>One line of several that differ in their seed: mean and standard deviation of their means over subjects.</summary>
    public static ResultLine Over(IReadOnlyList<ResultLine> lines) => lines[0] with
    {
        Figures = [.. lines[0].Figures.Select(figure =>
            MetricFigure.Over([.. lines.Select(line => line.Figures.First(other => other.Metric == figure.Metric))]))],
        Seeds = lines.Count,
        Warnings = [.. lines.SelectMany(line => line.Warnings)],
    };

    /// <summary>The figure of a metric; null where it was not computed.</summary>
    public MetricFigure? Figure(SegmentationMetric metric) => Figures.FirstOrDefault(figure => figure.Metric == metric.Name);
}
