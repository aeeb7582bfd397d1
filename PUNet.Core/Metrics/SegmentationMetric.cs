namespace PUNet.Core.Metrics;

/// <summary>A figure of merit of one class in one subject. All of them stand in <see cref="SegmentationMetrics.All"/>.</summary>
public sealed record SegmentationMetric
{
    /// <summary>Its name in files, for example dice.</summary>
    public required string Name { get; init; }

    /// <summary>Its name for people, for example Dice.</summary>
    public required string Title { get; init; }

    /// <summary>What it measures, in a few words below a table.</summary>
    public required string Meaning { get; init; }

    /// <summary>The unit in which figures over subjects are told: % or mm.</summary>
    public required string Unit { get; init; }

    /// <summary>Units in a value of 1: 100 for a share told in %.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Whether a higher value is better than a lower one.</summary>
    public required bool HigherIsBetter { get; init; }

    /// <summary>Whether tables for people have a column of it; files have every metric.</summary>
    public bool HasColumn { get; init; } = true;

    /// <summary>
    /// Its value where the reference has the class: a share is 0–1, a distance in mm. Null where it is not defined, which is only where
    /// the prediction is empty.
    /// </summary>
    public required Func<MaskPair, double?> Value { get; init; }

    /// <summary>Title and unit, as a column says them.</summary>
    public string Heading => $"{Title} ({Unit})";
}
