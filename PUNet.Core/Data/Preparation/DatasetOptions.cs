using System.Text.RegularExpressions;
using PUNet.Core.Common.Settings;
using PUNet.Core.Data.Layouts;
using PUNet.Core.Data.Splits;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data.Preparation;

/// <summary>How a dataset's source becomes prepared subjects in parts (method.md, section 5).</summary>
public sealed record DatasetOptions
{
    private static readonly WithinAttribute _window =
        new(-1e7, 1e7, "32-bit numbers tell the ends of a window of larger ones no longer apart");

    /// <summary>How the source lies on disk.</summary>
    public required DatasetLayout Layout { get; init; }

    /// <summary>What is done to every subject.</summary>
    public required PreparationOptions Preparation { get; init; }

    /// <summary>How intensities become the network's input.</summary>
    public Normalisation Normalisation { get; init; } = Normalisation.Paper;

    /// <summary>Which subjects are for what.</summary>
    public SplitRule Split { get; init; } = SplitRule.Paper;

    /// <summary>
    /// Regular expression that finds the patient in a subject's id; scans of one patient stay in one part. Null: the dataset's own
    /// patients.
    /// </summary>
    public string? GroupBy { get; init; }

    /// <summary>As the layout's data is prepared in publications, with the paper's intensities and split.</summary>
    public static DatasetOptions Of(DatasetLayout layout) => new() { Layout = layout, Preparation = layout.Preparation };

    /// <summary>How prepared subjects are going to be used.</summary>
    public DatasetUse Use => new(Normalisation, Split.Divide);

    /// <summary>How a script tells the layout: where a dataset is split by its own parts, files may lie in a folder for each.</summary>
    public DatasetLayout OnDisk => Split is SplitRule.Given ? Layout.InParts ?? Layout : Layout;

    /// <summary>Every fault of these options, none if they can be used.</summary>
    public IReadOnlyList<Fault> Faults() => [.. PreparationFaults(), .. Split.Faults(), .. PatternFaults(GroupBy)];

    /// <summary>Faults of everything but how subjects are divided.</summary>
    public IReadOnlyList<Fault> PreparationFaults() => [.. OnDisk.Faults(), .. Preparation.Faults(), .. Window(), .. OwnSplit()];

    private IEnumerable<Fault> Window()
    {
        if (Normalisation is not Normalisation.Window window) yield break;
        foreach (var fault in new[] { window.Low, window.High }.Select(hu => _window.Fault("intensity_window", hu)).OfType<Fault>())
            yield return fault;
        if (window.Low >= window.High)
            yield return new Fault(
                "intensity_window", "the intensity window is empty", "its lower end lies below its upper end",
                FormattableString.Invariant($"({window.Low}, {window.High})"));
    }

    private IEnumerable<Fault> OwnSplit()
    {
        if (Split is SplitRule.Given && Layout.InParts is null)
            yield return new Fault(
                "given_split", "the source has no split of its own",
                "given_split takes the folders train, validation and test of Folder.pairs, or the column part of a table", "",
                "state shares instead: split { train 0.7; validation 0.1; test 0.2 }");
    }

    /// <summary>Faults of a pattern that finds patients; null is none.</summary>
    public static IEnumerable<Fault> PatternFaults(string? pattern)
    {
        if (pattern is null) return [];
        try
        {
            _ = new Regex(pattern);
            return [];
        }
        catch (ArgumentException fault)
        {
            return [new Fault("group_by", "group_by is no regular expression", "it finds the patient in a subject's id", pattern, fault.Message)];
        }
    }
}
