using System.Text.RegularExpressions;

namespace PUNet.Core.Data.Checks;

/// <summary>What is known of a dataset beyond its files.</summary>
public sealed record CheckOptions
{
    /// <summary>Label values that may occur, with their names; null where nobody knows, and then none is unknown.</summary>
    public IReadOnlyDictionary<int, string>? Labels { get; init; }

    /// <summary>Whether intensities are in HU; null judges by what most images look like.</summary>
    public bool? HounsfieldUnits { get; init; }

    /// <summary>Finds the patient in a subject's id, by its first group or as a whole; null takes the dataset's own patients.</summary>
    public Regex? Patient { get; init; }

    /// <summary>Subjects read at a time.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;
}
