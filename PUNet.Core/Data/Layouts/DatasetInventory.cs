namespace PUNet.Core.Data.Layouts;

/// <summary>What a layout finds in a folder, complete or not.</summary>
/// <param name="Subjects">Images with their label maps.</param>
/// <param name="ImagesAlone">Images without a label map.</param>
/// <param name="LabelsAlone">Label maps without an image.</param>
/// <param name="Faults">What keeps a subject out though its files are named: a path and a sentence each.</param>
public sealed record DatasetInventory(
    IReadOnlyList<SubjectFiles> Subjects,
    IReadOnlyList<string> ImagesAlone,
    IReadOnlyList<string> LabelsAlone,
    IReadOnlyList<(string Path, string Problem)> Faults)
{
    /// <summary>Several inventories as one.</summary>
    internal static DatasetInventory Join(IEnumerable<DatasetInventory> parts)
    {
        var all = parts.ToList();
        return new(
            [.. all.SelectMany(p => p.Subjects)],
            [.. all.SelectMany(p => p.ImagesAlone)],
            [.. all.SelectMany(p => p.LabelsAlone)],
            [.. all.SelectMany(p => p.Faults)]);
    }

    /// <summary>The same with every subject changed.</summary>
    internal DatasetInventory Select(Func<SubjectFiles, SubjectFiles> change) => this with { Subjects = [.. Subjects.Select(change)] };
}
