using PUNet.Core.Common;
using PUNet.Core.Common.Settings;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Imaging.Nifti;

namespace PUNet.Core.Data.Layouts;

/// <summary>How a dataset lies on disk: which files belong to which subject.</summary>
public abstract record DatasetLayout
{
    private const int Named = 3;

    /// <summary>Lists the dataset and hashes every file that may be opened for it: tables, images and label maps, and nothing else.</summary>
    /// <param name="folder">The dataset's folder.</param>
    /// <param name="hash">Hash of a file's content by its path.</param>
    /// <exception cref="DatasetException">See <see cref="List(string)"/>; also a description that is missing or damaged.</exception>
    public DatasetSource Read(string folder, Func<string, string> hash)
    {
        var place = new DatasetFolder(folder);
        var subjects = List(place);
        return new DatasetSource(place.Path, subjects, Labels(place), place.Tables, hash);
    }

    /// <summary>All annotated subjects, in natural order of their ids (2 before 10).</summary>
    /// <param name="folder">The dataset's folder.</param>
    /// <exception cref="DatasetException">The folder is missing, an image has no label map, or there is no subject.</exception>
    public IReadOnlyList<SubjectFiles> List(string folder) => List(new DatasetFolder(folder));

    /// <summary>What is there, complete or not; subjects in natural order of their ids.</summary>
    /// <exception cref="DatasetException">The folder, or a folder or table that the layout needs, is missing.</exception>
    public DatasetInventory Survey(string folder) => Survey(new DatasetFolder(folder));

    /// <summary>Every label value that may occur in the dataset's label maps, with its name; null where the layout does not tell.</summary>
    /// <exception cref="DatasetException">The file that tells is missing or damaged.</exception>
    public IReadOnlyDictionary<int, string>? KnownLabels(string folder) => Labels(new DatasetFolder(folder));

    /// <summary>Whether intensities are in HU; null where the layout does not tell.</summary>
    public virtual bool? InHounsfieldUnits(string folder) => null;

    /// <summary>
    /// Label values of the classes that the layout's own label maps are read for, with their names; empty where a script names them.
    /// </summary>
    public virtual IReadOnlyDictionary<int, string> Classes => new Dictionary<int, string>();

    /// <summary>
    /// How its data is prepared where nothing else is asked for: as in publications of the collection, else only turned to one
    /// orientation.
    /// </summary>
    public virtual PreparationOptions Preparation => new() { Classes = Classes };

    /// <summary>The layout of the same data where its own files tell which part a subject belongs to; null where they cannot.</summary>
    public virtual DatasetLayout? InParts => null;

    /// <summary>The options with what the source itself tells, once it is listed.</summary>
    /// <exception cref="DatasetException">The source contradicts the options.</exception>
    public virtual PreparationOptions Complete(PreparationOptions options, DatasetSource source) => options;

    /// <summary>Faults of the layout's own settings; empty where they are sound.</summary>
    public virtual IEnumerable<Fault> Faults() => [];

    /// <summary>A fault of what the source says of its files' names.</summary>
    private protected static Fault Unfindable(string rule) => new("source", "the source cannot find its files", rule);

    /// <summary>What people call the layout, for example ct-org; empty for one that no folder is recognised by.</summary>
    protected internal virtual string Name => "";

    /// <summary>The layout as a folder seems to be named by; none where it looks otherwise.</summary>
    protected internal virtual IEnumerable<DatasetLayout> Recognise(string folder) => [];

    /// <summary>One sentence for messages: where this layout expects its files.</summary>
    protected internal abstract string Rule { get; }

    /// <summary>Whether a label map without an image is nothing to stop at.</summary>
    protected virtual bool LabelsMayBeAlone => true;

    /// <summary>What an existing folder holds, in any order. What is read of it is asked for as a table of the folder.</summary>
    private protected abstract DatasetInventory Find(DatasetFolder folder);

    /// <summary>See <see cref="KnownLabels"/>.</summary>
    private protected virtual IReadOnlyDictionary<int, string>? Labels(DatasetFolder folder) => null;

    /// <summary>Whether a folder has such a folder.</summary>
    private protected static bool Has(string folder, string name) => Directory.Exists(Path.Combine(folder, name));

    /// <summary>Whether some file of a folder is named so.</summary>
    private protected static bool Any(string folder, string pattern) => Directory.Exists(folder) && new FilePattern(pattern).Match(folder).Count > 0;

    /// <summary>Whether files may be named after a subject's id.</summary>
    internal static bool IsId(string id) => id.Length > 0 && id[0] != '.' && id.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ' ');

    private IReadOnlyList<SubjectFiles> List(DatasetFolder place)
    {
        var (folder, found) = (place.Path, Survey(place));
        if (found.Faults.Count > 0) throw new DatasetException(found.Faults[0].Path, found.Faults[0].Problem);
        var all = found.Subjects.Count;
        if (found.ImagesAlone.Count > 0)
            throw new DatasetException(
                folder,
                $"{found.ImagesAlone.Count} of {all + found.ImagesAlone.Count} images have no label map: {Names(found.ImagesAlone)}. "
                    + $"{Rule} Add the label maps or move the images away.");
        if (found.LabelsAlone.Count > 0 && !LabelsMayBeAlone)
            throw new DatasetException(
                folder,
                $"{found.LabelsAlone.Count} of {all + found.LabelsAlone.Count} label maps have no image: {Names(found.LabelsAlone)}. "
                    + $"{Rule} Add the images or move the label maps away.");
        if (all == 0) throw new DatasetException(folder, $"No subject was found. {Rule}");
        if (found.Subjects.GroupBy(subject => subject.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DatasetException(
                folder,
                $"The subject id '{twice.Key}' occurs {twice.Count()} times; ids must differ: "
                    + $"{string.Join(", ", twice.Select(subject => subject.ImagePath))}.");
        if (found.Subjects.FirstOrDefault(subject => !IsId(subject.Id)) is { } bad)
            throw new DatasetException(
                folder,
                $"The subject id '{bad.Id}' cannot name a file; ids have letters, digits, '-', '_' and '.', and do not begin with '.'.");
        return found.Subjects;
    }

    private DatasetInventory Survey(DatasetFolder place)
    {
        if (!Directory.Exists(place.Path))
            throw new DatasetException(place.Path, $"There is no such folder. {Rule} Check the path, or --data and PUNET_DATA.");
        var found = Find(place);
        var faults = found.Subjects.Select(subject => (subject, Fault: Unreadable(subject))).Where(entry => entry.Fault is not null).ToList();
        var usable = found.Subjects.Except(faults.Select(entry => entry.subject));
        return found with
        {
            Subjects = [.. usable.OrderBy(subject => subject.Id, NaturalOrder.Instance)],
            ImagesAlone = [.. found.ImagesAlone.Order(NaturalOrder.Instance)],
            LabelsAlone = [.. found.LabelsAlone.Order(NaturalOrder.Instance)],
            Faults = [.. found.Faults, .. faults.Select(entry => entry.Fault!.Value)],
        };
    }

    /// <summary>The first of a subject's files that cannot be opened, and why; null where all can.</summary>
    private static (string Path, string Problem)? Unreadable(SubjectFiles subject)
    {
        try
        {
            foreach (var file in NiftiFile.FilesOf(subject.ImagePath).Concat(NiftiFile.FilesOf(subject.LabelPath)))
                if (DatasetFolder.WhyNotReadable(file) is { } problem) return (file, problem);
            return null;
        }
        catch (ImageFileException fault)
        {
            return (fault.Path, fault.Problem);
        }
    }

    private static string Names(IReadOnlyList<string> files) =>
        string.Join(", ", files.Take(Named).Select(Path.GetFileName)) + (files.Count > Named ? $" and {files.Count - Named} more" : "");
}
