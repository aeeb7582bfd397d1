using System.Text.Json;

namespace PUNet.Core.Training;

/// <summary>How far a training is, and the figures of the epoch under way; part of every checkpoint.</summary>
internal sealed record TrainingProgress
{
    /// <summary>Steps done in all.</summary>
    public long Step { get; init; }

    /// <summary>Steps the optimiser did.</summary>
    public long OptimiserSteps { get; init; }

    /// <summary>Finished epochs' lines of the training log.</summary>
    public IReadOnlyList<string> Log { get; init; } = [];

    /// <summary>Sum over the epoch's steps so far of each figure.</summary>
    public IReadOnlyDictionary<string, double> Sums { get; init; } = new Dictionary<string, double>();

    /// <summary>Adds a step's figures.</summary>
    public TrainingProgress Add(IReadOnlyDictionary<string, double> figures, long optimiserSteps) => this with
    {
        Step = Step + 1,
        OptimiserSteps = optimiserSteps,
        Sums = figures.ToDictionary(figure => figure.Key, figure => Sums.GetValueOrDefault(figure.Key) + figure.Value),
    };

    /// <summary>Closes an epoch: its means become a line of the log.</summary>
    public TrainingProgress CloseEpoch(int epoch, int stepsPerEpoch)
    {
        var means = Sums.OrderBy(sum => sum.Key, StringComparer.Ordinal).ToDictionary(sum => sum.Key, sum => sum.Value / stepsPerEpoch);
        var line = JsonSerializer.Serialize(new { epoch, step = Step, mean = means });
        return this with { Log = [.. Log, line], Sums = new Dictionary<string, double>() };
    }
}
