using PUNet.Core.Common;

namespace PUNet.Core.Data.Batches;

/// <summary>What a batch is made of (method.md, section 4).</summary>
public sealed record BatchOptions
{
    /// <summary>Crops of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Crops taken from one volume; divides the batch size.</summary>
    public required int CropsPerVolume { get; init; }

    /// <summary>Foreground classes to draw the active ones from.</summary>
    public IReadOnlyList<int> Classes { get; init; } = [];

    /// <summary>Fewest active classes of a sample; the number is drawn once per batch.</summary>
    public int FewestActive { get; init; } = 1;

    /// <summary>Most active classes of a sample.</summary>
    public int MostActive { get; init; } = 1;

    /// <summary>Every fault of these options, none if they can be used.</summary>
    public IEnumerable<string> Faults()
    {
        if (BatchSize < 1 || CropsPerVolume < 1 || BatchSize % CropsPerVolume != 0)
            yield return $"crops per volume ({CropsPerVolume}) must divide the batch size ({BatchSize}), and both must be at least 1.";
        if (Classes.Any(label => label is < 1 or >= IgnoredLabel.Value) || Classes.Distinct().Count() != Classes.Count)
            yield return $"classes must be different labels from 1 to 254, not [{string.Join(", ", Classes)}].";
        if (FewestActive < 0 || MostActive < FewestActive || MostActive > Classes.Count)
            yield return $"the number of active classes must run upwards within 0 to {Classes.Count} (the classes there are), "
                + $"not from {FewestActive} to {MostActive}.";
    }
}
