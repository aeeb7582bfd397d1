namespace PUNet.Core.Data;

/// <summary>How a dataset lies on disk: which files belong to which subject.</summary>
public abstract record DatasetLayout
{
    /// <summary>All annotated subjects, in natural order of their ids (2 before 10).</summary>
    /// <param name="folder">The dataset's folder.</param>
    /// <exception cref="DatasetException">The folder is missing, an image has no label map, or there is no subject.</exception>
    public IReadOnlyList<SubjectFiles> List(string folder)
    {
        if (!Directory.Exists(folder)) throw new DatasetException(folder, $"There is no such folder. {Rule} Check the path, or --data and PUNET_DATA.");
        var subjects = Find(folder).OrderBy(subject => subject.Id, NaturalOrder.Instance).ToList();
        if (subjects.Count == 0) throw new DatasetException(folder, $"No subject was found. {Rule}");
        if (subjects.GroupBy(subject => subject.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DatasetException(folder, $"The subject id '{twice.Key}' occurs {twice.Count()} times; ids must differ: {string.Join(", ", twice.Select(subject => subject.ImagePath))}.");
        return subjects;
    }

    /// <summary>One sentence for messages: where this layout expects its files.</summary>
    protected abstract string Rule { get; }

    /// <summary>The subjects of an existing folder, in any order.</summary>
    protected abstract IEnumerable<SubjectFiles> Find(string folder);
}
