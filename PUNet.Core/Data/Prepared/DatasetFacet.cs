using PUNet.Core.Common;

namespace PUNet.Core.Data.Prepared;

/// <summary>
/// What a computation reads of a prepared dataset: the classes and the normalisation, which are common, and the subjects of some parts.
/// The one definition of the files behind it: preparation writes so that they hold nothing about the others, their hash stands for what
/// was read, and <see cref="PreparedDataset"/> opens no other.
/// </summary>
public sealed class DatasetFacet
{
    private DatasetFacet(IReadOnlyList<Part> parts, int? first = null) => (Parts, First) = (parts, first);

    /// <summary>Everything, also what concerns the dataset as a whole: where subjects come from and what was left out.</summary>
    public static DatasetFacet Whole { get; } = new(Enum.GetValues<Part>());

    /// <summary>Classes and normalisation alone.</summary>
    public static DatasetFacet Description { get; } = new([]);

    /// <summary>One part; only its first n subjects where that is given.</summary>
    public static DatasetFacet Of(Part part, int? first = null) => new([part], first);

    /// <summary>The training part; only its first n subjects where that is given.</summary>
    public static DatasetFacet Training(int? first = null) => Of(Part.Train, first);

    /// <summary>What a pre-training reads: it trains on the one part, and probes its embedding on the other.</summary>
    public static DatasetFacet TrainingAndValidation { get; } = new([Part.Train, Part.Validation]);

    /// <summary>The parts whose subjects belong to it.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <summary>Only so many subjects of each part, the first ones in its order; null: all.</summary>
    public int? First { get; }

    private bool IsWhole => ReferenceEquals(this, Whole);

    /// <summary>Whether a file belongs to it; the files of other subjects do not, nor those about the whole dataset.</summary>
    /// <param name="path">Relative to the dataset's folder, with forward slashes.</param>
    public bool Holds(string path) =>
        IsWhole || (PreparedFiles.PlaceOf(path) is { } place ? Holds(place.Part, place.Number) : path != PreparedFiles.Subjects);

    /// <summary>Whether a subject belongs to it.</summary>
    /// <param name="part">Its part.</param>
    /// <param name="number">Its place in the part's order, from 1.</param>
    internal bool Holds(Part part, int number) => Parts.Contains(part) && number <= (First ?? int.MaxValue);

    /// <summary>As people read it: train, the first 3 of train, the classes.</summary>
    public override string ToString() => IsWhole ? "all"
        : Parts.Count == 0 ? "the classes"
        : (First is { } n ? $"the first {n} of " : "") + string.Join(", ", Parts.Select(part => part.ToString().ToLowerInvariant()));
}
