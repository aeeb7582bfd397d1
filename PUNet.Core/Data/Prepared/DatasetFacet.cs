using PUNet.Core.Common;

namespace PUNet.Core.Data.Prepared;

/// <summary>
/// What a computation reads of a prepared dataset: the classes and the normalisation, which are common, and the subjects of some parts.
/// The one definition of the files behind it: preparation writes so that they hold nothing about the others, their hash stands for what
/// was read, and <see cref="PreparedDataset"/> opens no other.
/// </summary>
public sealed class DatasetFacet
{
    private DatasetFacet(IReadOnlyList<Part> parts) => Parts = parts;

    /// <summary>Everything, also what concerns the dataset as a whole: where subjects come from and what was left out.</summary>
    public static DatasetFacet Whole { get; } = new(Enum.GetValues<Part>());

    /// <summary>Classes and normalisation alone.</summary>
    public static DatasetFacet Description { get; } = new([]);

    /// <summary>The training part. Where a training draws some of its subjects, what it draws depends on all.</summary>
    public static DatasetFacet Training { get; } = Of(Part.Train);

    /// <summary>One part or some.</summary>
    public static DatasetFacet Of(params IReadOnlyList<Part> parts) => new([.. parts.Distinct().Order()]);

    /// <summary>What a pre-training reads: it trains on the one part, and probes its embedding on the other.</summary>
    public static DatasetFacet TrainingAndValidation { get; } = Of(Part.Train, Part.Validation);

    /// <summary>The parts whose subjects belong to it.</summary>
    public IReadOnlyList<Part> Parts { get; }

    private bool IsWhole => ReferenceEquals(this, Whole);

    /// <summary>Whether a file belongs to it; the files of other subjects do not, nor those about the whole dataset.</summary>
    /// <param name="path">Relative to the dataset's folder, with forward slashes.</param>
    public bool Holds(string path) =>
        IsWhole || (PreparedFiles.PlaceOf(path) is { } place ? Parts.Contains(place.Part) : path != PreparedFiles.Subjects);

    /// <summary>As people read it: train, the classes.</summary>
    public override string ToString() => IsWhole ? "all"
        : Parts.Count == 0 ? "the classes"
        : string.Join(", ", Parts.Select(part => part.ToString().ToLowerInvariant()));
}
