using System.Text.Json;
using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>
/// Subjects that a preparation has finished, in its work folder: files of the volumes and, written last, a record with their hashes. An
/// interrupted preparation goes on from them; what is damaged counts as not done.
/// </summary>
internal sealed class FinishedSubjects
{
    private const string Records = "records";

    /// <summary>Makes the folders where they are missing.</summary>
    public FinishedSubjects(string work)
    {
        Folder = Path.Combine(work, "subjects");
        foreach (var name in new[] { PreparedDataset.ImageFolder, PreparedDataset.LabelFolder, Records }) Directory.CreateDirectory(Path.Combine(Folder, name));
    }

    /// <summary>Where volumes are written, named as in the prepared dataset.</summary>
    public string Folder { get; }

    /// <summary>What became of a subject in an earlier run; null where it has to be done (again), also since it was made from other files.</summary>
    public PreparationOutcome? Find(SubjectFiles subject, DatasetSource source)
    {
        var id = subject.Id;
        try
        {
            var outcome = JsonSerializer.Deserialize<PreparationOutcome>(File.ReadAllText(RecordPath(id)), SubjectsFile.Json);
            var whole = outcome?.LeftOut is not null || (outcome?.Prepared?.Id == id && HasHashes(outcome));
            var origin = new[] { source.Origin(subject.ImagePath), source.Origin(subject.LabelPath) };
            return whole && outcome!.Sources.SequenceEqual(origin) ? outcome : null;
        }
        catch (Exception e) when (e is IOException or JsonException or ArgumentException)
        {
            return null; // not there, or not whole
        }
    }

    /// <summary>Records what became of a subject, once its volumes are written.</summary>
    public void Keep(string id, PreparationOutcome outcome) =>
        AtomicFile.WriteText(RecordPath(id), JsonSerializer.Serialize(WithHashes(outcome), SubjectsFile.Json));

    /// <summary>Moves the volumes of the prepared subjects to the result's folder.</summary>
    public void MoveTo(string output, IEnumerable<string> ids)
    {
        foreach (var name in new[] { PreparedDataset.ImageFolder, PreparedDataset.LabelFolder }) Directory.CreateDirectory(Path.Combine(output, name));
        foreach (var id in ids)
            foreach (var path in new Func<string, string, string>[] { PreparedDataset.ImagePath, PreparedDataset.LabelPath })
                File.Move(path(Folder, id), path(output, id), overwrite: true);
        Directory.Delete(Folder, recursive: true);
    }

    private bool HasHashes(PreparationOutcome outcome)
    {
        var now = WithHashes(outcome);
        return (now.ImageHash, now.LabelHash) == (outcome.ImageHash, outcome.LabelHash);
    }

    private PreparationOutcome WithHashes(PreparationOutcome outcome) => outcome.Prepared is not { } subject
        ? outcome
        : outcome with
        {
            ImageHash = FileHash.Of(PreparedDataset.ImagePath(Folder, subject.Id)),
            LabelHash = FileHash.Of(PreparedDataset.LabelPath(Folder, subject.Id)),
        };

    private string RecordPath(string id) => Path.Combine(Folder, Records, id + ".json");
}
