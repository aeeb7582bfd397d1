using System.Globalization;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;

namespace PUNet.Core.Training.Diagnosis;

/// <summary>What a frozen embedding can tell apart: <c>probe.json</c> beside a pre-trained backbone.</summary>
public sealed record EmbeddingFigures
{
    /// <summary>Its name in the backbone's folder. Nothing that uses the backbone reads it.</summary>
    public const string FileName = "probe.json";

    /// <summary>The part of the dataset whose crops were scored: validation, or training where there is no validation subject.</summary>
    public required Part Part { get; init; }

    /// <summary>Crops of training subjects that the probes were fitted on.</summary>
    public required int FittingCrops { get; init; }

    /// <summary>Crops that were scored, and that the effective rank is of.</summary>
    public required int ScoredCrops { get; init; }

    /// <summary>Channels C of the embedding.</summary>
    public required int Channels { get; init; }

    /// <summary>How many of them the embedding uses, 1 to C: the effective rank of Roy and Vetterli.</summary>
    public required double EffectiveRank { get; init; }

    /// <summary>All classes of the dataset, in the order of the labels.</summary>
    public required IReadOnlyList<ProbedClass> Classes { get; init; }

    /// <summary>A class and how well a plane parts it from everything else.</summary>
    /// <param name="Name">The class.</param>
    /// <param name="IsBase">Whether the pre-training was supervised by it.</param>
    /// <param name="Dice">In percent; null where the crops lack the class.</param>
    public sealed record ProbedClass(string Name, bool IsBase, double? Dice);

    /// <summary>Writes <c>probe.json</c>.</summary>
    public void Write(string folder) => JsonFile.Write(Path.Combine(folder, FileName), this);

    /// <summary>Reads <c>probe.json</c>.</summary>
    /// <exception cref="IOException">The folder holds none, or a damaged one.</exception>
    public static EmbeddingFigures Read(string folder) => JsonFile.Read<EmbeddingFigures>(
        Path.Combine(folder, FileName), (problem, cause) => new IOException($"{folder} holds no figures of an embedding: {problem}", cause));

    /// <summary>embedding: effective rank 12.3 of 16; linear probe (Dice on validation crops): liver 81, spleen 58; absent: bladder.</summary>
    public override string ToString()
    {
        var part = Part == Part.Train ? "training" : Part.ToString().ToLowerInvariant();
        var scored = Classes.Where(found => found.Dice is not null)
            .Select(found => string.Create(CultureInfo.InvariantCulture, $"{found.Name} {found.Dice:F0}")).ToList();
        var absent = Classes.Where(found => found.Dice is null).Select(found => found.Name).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"embedding: effective rank {EffectiveRank:F1} of {Channels}")
            + (scored.Count == 0 ? "" : $"; linear probe (Dice on {part} crops): {string.Join(", ", scored)}")
            + (absent.Count == 0 ? "" : $"; absent: {string.Join(", ", absent)}");
    }
}
