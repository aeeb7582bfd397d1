using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>A folder that <see cref="Preparation"/> wrote, taken as a dataset itself, with the parts of its <c>dataset.json</c>.</summary>
public sealed record PreparedFolder : DatasetLayout
{
    /// <inheritdoc/>
    private protected override IReadOnlyDictionary<int, string> Labels(DatasetFolder folder) =>
        Open(folder).Classes.Select((name, i) => (name, i)).ToDictionary(entry => entry.i + 1, entry => entry.name);

    /// <inheritdoc/>
    protected internal override string Rule => "A prepared dataset has subjects.json, images/ID.nii.gz and labels/ID.nii.gz.";

    /// <inheritdoc/>
    private protected override DatasetInventory Find(DatasetFolder folder)
    {
        var dataset = Open(folder);
        var parts = Parts(folder);
        var (subjects, faults) = (new List<SubjectFiles>(), new List<(string, string)>());
        foreach (var subject in dataset.Subjects)
        {
            var (image, label) = (PreparedDataset.ImagePath(folder.Path, subject.Id), PreparedDataset.LabelPath(folder.Path, subject.Id));
            var missing = new[] { image, label }.Where(file => !File.Exists(file)).ToList();
            if (missing.Count > 0) faults.Add((missing[0], $"is missing, but subjects.json lists {subject.Id}. Prepare the dataset again."));
            else subjects.Add(new SubjectFiles(subject.Id, image, label, parts.TryGetValue(subject.Id, out var part) ? part : subject.Part, subject.Patient, subject.Domain));
        }
        return new(subjects, [], [], faults);
    }

    private PreparedDataset Open(DatasetFolder folder)
    {
        folder.Table("subjects.json", Rule);
        return PreparedDataset.Open(folder.Path);
    }

    private Dictionary<string, Part> Parts(DatasetFolder folder)
    {
        var card = DatasetCard.FileOf(folder.Path);
        if (!File.Exists(card)) return [];
        folder.Table(card, Rule);
        return DatasetCard.Read(folder.Path).Parts.SelectMany(part => part.Value.Select(id => (id, part.Key)))
            .GroupBy(entry => entry.id).ToDictionary(group => group.Key, group => group.First().Key);
    }
}
