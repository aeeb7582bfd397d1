namespace PUNet.Core.Data;

/// <summary>How a dataset lies on disk: which files belong to which subject.</summary>
public abstract record DatasetLayout
{
    private const int Named = 3;

    /// <summary>All annotated subjects, in natural order of their ids (2 before 10).</summary>
    /// <param name="folder">The dataset's folder.</param>
    /// <exception cref="DatasetException">The folder is missing, an image has no label map, or there is no subject.</exception>
    public IReadOnlyList<SubjectFiles> List(string folder)
    {
        var found = Survey(folder);
        if (found.Faults.Count > 0) throw new DatasetException(found.Faults[0].Path, found.Faults[0].Problem);
        var all = found.Subjects.Count;
        if (found.ImagesAlone.Count > 0)
            throw new DatasetException(folder, $"{found.ImagesAlone.Count} of {all + found.ImagesAlone.Count} images have no label map: {Names(found.ImagesAlone)}. {Rule} Add the label maps or move the images away.");
        if (found.LabelsAlone.Count > 0 && !LabelsMayBeAlone)
            throw new DatasetException(folder, $"{found.LabelsAlone.Count} of {all + found.LabelsAlone.Count} label maps have no image: {Names(found.LabelsAlone)}. {Rule} Add the images or move the label maps away.");
        if (all == 0) throw new DatasetException(folder, $"No subject was found. {Rule}");
        if (found.Subjects.GroupBy(subject => subject.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DatasetException(folder, $"The subject id '{twice.Key}' occurs {twice.Count()} times; ids must differ: {string.Join(", ", twice.Select(subject => subject.ImagePath))}.");
        if (found.Subjects.FirstOrDefault(subject => !IsId(subject.Id)) is { } bad)
            throw new DatasetException(folder, $"The subject id '{bad.Id}' cannot name a file; ids have letters, digits, '-', '_' and '.', and do not begin with '.'.");
        return found.Subjects;
    }

    /// <summary>What is there, complete or not; subjects in natural order of their ids.</summary>
    /// <exception cref="DatasetException">The folder, or a folder or table that the layout needs, is missing.</exception>
    public DatasetInventory Survey(string folder)
    {
        if (!Directory.Exists(folder)) throw new DatasetException(folder, $"There is no such folder. {Rule} Check the path, or --data and PUNET_DATA.");
        var found = Find(folder);
        return found with
        {
            Subjects = [.. found.Subjects.OrderBy(subject => subject.Id, NaturalOrder.Instance)],
            ImagesAlone = [.. found.ImagesAlone.Order(NaturalOrder.Instance)],
            LabelsAlone = [.. found.LabelsAlone.Order(NaturalOrder.Instance)],
        };
    }

    /// <summary>Every label value that may occur in the dataset's label maps, with its name; null where the layout does not tell.</summary>
    /// <exception cref="DatasetException">The file that tells is missing or damaged.</exception>
    public virtual IReadOnlyDictionary<int, string>? KnownLabels(string folder) => null;

    /// <summary>Whether intensities are in HU; null where the layout does not tell.</summary>
    public virtual bool? InHounsfieldUnits(string folder) => null;

    /// <summary>One sentence for messages: where this layout expects its files.</summary>
    protected internal abstract string Rule { get; }

    /// <summary>Whether a label map without an image is nothing to stop at.</summary>
    protected virtual bool LabelsMayBeAlone => true;

    /// <summary>What an existing folder holds, in any order.</summary>
    protected abstract DatasetInventory Find(string folder);

    /// <summary>Whether files may be named after a subject's id.</summary>
    internal static bool IsId(string id) => id.Length > 0 && id[0] != '.' && id.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ' ');

    private static string Names(IReadOnlyList<string> files) =>
        string.Join(", ", files.Take(Named).Select(Path.GetFileName)) + (files.Count > Named ? $" and {files.Count - Named} more" : "");
}
