using PUNet.Core.Data.Preparation;
using PUNet.Core.Data.Prepared;

namespace PUNet.Core.Data.Layouts;

/// <summary>A folder that <see cref="Preparation"/> wrote, taken as a dataset itself, with its parts.</summary>
public sealed record PreparedFolder : DatasetLayout
{
    /// <inheritdoc/>
    private protected override IReadOnlyDictionary<int, string> Labels(DatasetFolder folder) =>
        Open(folder).Classes.Select((name, i) => (name, i)).ToDictionary(entry => entry.i + 1, entry => entry.name);

    /// <inheritdoc/>
    protected internal override string Name => "prepared";

    /// <inheritdoc/>
    protected internal override IEnumerable<DatasetLayout> Recognise(string folder) => Fits(folder) ? [this] : [];

    /// <inheritdoc/>
    protected internal override string Rule =>
        "A prepared dataset has dataset.json, subjects.json and train/0001-ID/image.nii.gz with labels.nii.gz.";

    /// <summary>Whether preparation wrote a folder, as far as its files' names tell.</summary>
    internal static bool Fits(string folder) => File.Exists(Path.Combine(folder, PreparedFiles.Subjects));

    /// <inheritdoc/>
    private protected override DatasetInventory Find(DatasetFolder folder)
    {
        var dataset = Open(folder);
        folder.Table(PreparedFiles.Subjects, Rule);
        var origins = SubjectsFile.Read(folder.Path).Subjects.ToDictionary(subject => subject.Id);
        var (subjects, faults) = (new List<SubjectFiles>(), new List<(string, string)>());
        foreach (var part in DatasetFacet.Whole.Parts)
            foreach (var id in dataset[part].Select(subject => subject.Id))
            {
                var (image, label) = (dataset.ImagePath(id), dataset.LabelPath(id));
                var missing = new[] { image, label }.Where(file => !File.Exists(file)).ToList();
                if (missing.Count > 0) faults.Add((missing[0], "is missing. Prepare the dataset again."));
                else subjects.Add(new SubjectFiles(id, image, label, part, Origin(id)?.Patient, Origin(id)?.Domain));
            }
        return new(subjects, [], [], faults);

        SubjectOrigin? Origin(string id) => origins.GetValueOrDefault(id);
    }

    private PreparedDataset Open(DatasetFolder folder)
    {
        folder.Table(PreparedFiles.Card, Rule);
        var dataset = PreparedDataset.Open(folder.Path);
        foreach (var subject in dataset.Subjects) folder.Table(dataset.SubjectPath(subject.Id), Rule);
        return dataset;
    }
}
