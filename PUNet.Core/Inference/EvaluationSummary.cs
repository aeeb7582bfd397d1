using PUNet.Core.Common;
using PUNet.Core.Models;

namespace PUNet.Core.Inference;

/// <summary>The figures of an evaluation: <c>summary.json</c>.</summary>
public sealed record EvaluationSummary
{
    private const string FileName = "summary.json";

    /// <summary>Parameters that were trained for these classes; null for a backbone.</summary>
    public required long? TrainedParameters { get; init; }

    /// <summary>Parameters of the body and those trained beside it; see <see cref="AdapterCard.TotalParameters"/>.</summary>
    public required long? TotalParameters { get; init; }

    public required IReadOnlyList<ClassScore> Classes { get; init; }

    /// <summary>Mean over the classes' mean Dice, in percent.</summary>
    public double MeanDice => Classes.Select(score => score.MeanDice).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Writes <c>summary.json</c>.</summary>
    public void Write(string folder) => JsonFile.Write(Path.Combine(folder, FileName), this);

    /// <summary>Reads <c>summary.json</c>.</summary>
    public static EvaluationSummary Read(string folder) =>
        JsonFile.Read<EvaluationSummary>(Path.Combine(folder, FileName), (problem, cause) => new IOException($"{folder} holds no evaluation: {problem}", cause));

    /// <summary>Dice of one class over the subjects where it is defined.</summary>
    /// <param name="Name">The class.</param>
    /// <param name="Subjects">How many subjects count.</param>
    /// <param name="MeanDice">In percent; 0 where no subject counts.</param>
    /// <param name="DeviationDice">Standard deviation over subjects (n − 1), in percent; 0 for one subject.</param>
    public sealed record ClassScore(string Name, int Subjects, double MeanDice, double DeviationDice)
    {
        /// <summary>From the Dice (0–1) of each subject where the class is defined.</summary>
        public static ClassScore Of(string name, IReadOnlyList<double> dice)
        {
            if (dice.Count == 0) return new(name, 0, 0, 0);
            var mean = dice.Average();
            var variance = dice.Count > 1 ? dice.Sum(x => (x - mean) * (x - mean)) / (dice.Count - 1) : 0;
            return new(name, dice.Count, 100 * mean, 100 * Math.Sqrt(variance));
        }
    }
}
