using System.Globalization;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Models.Adaptation;

namespace PUNet.Core.Inference;

/// <summary>The figures of an evaluation: <c>summary.json</c>.</summary>
public sealed record EvaluationSummary
{
    /// <summary>Its name in the evaluation's folder.</summary>
    public const string FileName = "summary.json";

    /// <summary>The part of the dataset that was scored.</summary>
    public required Part Part { get; init; }

    /// <summary>Subjects of the part.</summary>
    public required int Subjects { get; init; }

    /// <summary>Names of the classes of whose masks the largest component alone was kept.</summary>
    public IReadOnlyList<string> InOnePiece { get; init; } = [];

    /// <summary>Parameters that were trained for these classes; null for a backbone.</summary>
    public required long? TrainedParameters { get; init; }

    /// <summary>Parameters of the body and those trained beside it; see <see cref="AdapterCard.TotalParameters"/>.</summary>
    public required long? TotalParameters { get; init; }

    /// <summary>In the order of the labels.</summary>
    public required IReadOnlyList<ClassScore> Classes { get; init; }

    /// <summary>What the training of these classes warned of; see <see cref="AdapterCard.Warnings"/>.</summary>
    public IReadOnlyList<TuningWarning> Warnings { get; init; } = [];

    /// <summary>Mean over the mean Dice of the classes that some subject has, in percent; null where there is none.</summary>
    public double? MeanDice => Statistics.Mean([.. Classes.Select(score => score.MeanDice).OfType<double>()]);

    /// <summary>Names of the classes that no subject of the part has.</summary>
    public IReadOnlyList<string> AbsentClasses => [.. Classes.Where(score => score.Subjects == 0).Select(score => score.Name)];

    /// <summary>Writes <c>summary.json</c>.</summary>
    public void Write(string folder) => JsonFile.Write(Path.Combine(folder, FileName), this);

    /// <summary>Reads <c>summary.json</c>.</summary>
    /// <exception cref="IOException">The folder holds no evaluation.</exception>
    public static EvaluationSummary Read(string folder) =>
        JsonFile.Read<EvaluationSummary>(
            Path.Combine(folder, FileName), (problem, cause) => new IOException($"{folder} holds no evaluation: {problem}", cause));

    /// <summary>mean Dice 80.1 % over 2 classes of the validation part, absent: bladder.</summary>
    public override string ToString()
    {
        var (scored, part) = (Classes.Count - AbsentClasses.Count, Part.ToString().ToLowerInvariant());
        var absent = AbsentClasses.Count == 0 ? "" : $"; no subject of the part has {string.Join(", ", AbsentClasses)}";
        var classes = scored == 1 ? "1 class" : $"{scored} classes";
        var pieces = InOnePiece.Count == 0 ? "" : $"; the largest component of {string.Join(", ", InOnePiece)}";
        return MeanDice is { } mean
            ? string.Create(CultureInfo.InvariantCulture, $"mean Dice {mean:F1} % over {classes} of the {part} part{pieces}{absent}")
            : $"no Dice{absent}";
    }
}
