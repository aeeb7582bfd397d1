using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>A folder that <see cref="Preparation"/> wrote, taken as a dataset itself, with the parts of its <c>dataset.json</c>.</summary>
public sealed record PreparedFolder : DatasetLayout
{
    /// <inheritdoc/>
    public override IReadOnlyDictionary<int, string> KnownLabels(string folder) =>
        PreparedDataset.Open(folder).Classes.Select((name, i) => (name, i)).ToDictionary(entry => entry.i + 1, entry => entry.name);

    /// <inheritdoc/>
    protected internal override string Rule => "A prepared dataset has subjects.json, images/ID.nii.gz and labels/ID.nii.gz.";

    /// <inheritdoc/>
    protected override DatasetInventory Find(string folder)
    {
        var dataset = PreparedDataset.Open(folder);
        var parts = Parts(folder);
        var (subjects, faults) = (new List<SubjectFiles>(), new List<(string, string)>());
        foreach (var subject in dataset.Subjects)
        {
            var (image, label) = (PreparedDataset.ImagePath(folder, subject.Id), PreparedDataset.LabelPath(folder, subject.Id));
            var missing = new[] { image, label }.Where(file => !File.Exists(file)).ToList();
            if (missing.Count > 0) faults.Add((missing[0], $"is missing, but subjects.json lists {subject.Id}. Prepare the dataset again."));
            else subjects.Add(new SubjectFiles(subject.Id, image, label, parts.TryGetValue(subject.Id, out var part) ? part : subject.Part, subject.Patient, subject.Domain));
        }
        return new(subjects, [], [], faults);
    }

    private static Dictionary<string, Part> Parts(string folder) => File.Exists(DatasetCard.FileOf(folder))
        ? DatasetCard.Read(folder).Parts.SelectMany(part => part.Value.Select(id => (id, part.Key))).GroupBy(entry => entry.id).ToDictionary(group => group.Key, group => group.First().Key)
        : [];
}
