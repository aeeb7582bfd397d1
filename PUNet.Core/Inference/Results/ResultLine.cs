using PUNet.Core.Common;

namespace PUNet.Core.Inference.Results;

/// <summary>A line of a result table: one class of one variant.</summary>
public sealed record ResultLine
{
    /// <summary>The class.</summary>
    public required string Class { get; init; }

    /// <summary>What was done, for example promptTune.</summary>
    public required string Variant { get; init; }

    /// <summary>Mean Dice in percent; null where no subject has the class.</summary>
    public required double? Dice { get; init; }

    /// <summary>
    /// Standard deviation (n − 1) of Dice in percent: over subjects, or of several <see cref="Seeds"/> over the means of each; null where
    /// there are fewer than two.
    /// </summary>
    public required double? Deviation { get; init; }

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

    /// <summary>The line of a class in an evaluation.</summary>
    public static ResultLine Of(string variant, EvaluationSummary summary, ClassScore score) => new()
    {
        Class = score.Name,
        Variant = variant,
        Dice = score.MeanDice,
        Deviation = score.DeviationDice,
        Part = summary.Part,
        Subjects = score.Subjects,
        PartSubjects = summary.Subjects,
        Seeds = 1,
        TrainedParameters = summary.TrainedParameters,
        TotalParameters = summary.TotalParameters,
    };

    /// <summary>One line of several that differ in their seed: mean and standard deviation of their means over subjects.</summary>
    public static ResultLine Over(IReadOnlyList<ResultLine> lines)
    {
        if (lines.Count == 1) return lines[0];
        List<double> means = [.. lines.Select(line => line.Dice).OfType<double>()];
        return lines[0] with { Dice = Statistics.Mean(means), Deviation = Statistics.Deviation(means), Seeds = lines.Count };
    }
}
