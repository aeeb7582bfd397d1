using System.Text.Json;
using PUNet.Core.Common.Files;
using PUNet.Core.Data.Prepared;

namespace PUNet.Core.Data.Preparation;

/// <summary>
/// Subjects that a preparation has finished, in its work folder: their volumes and, written last, a record with their hashes. An
/// interrupted preparation goes on from them; what is damaged counts as not done.
/// </summary>
internal sealed class FinishedSubjects
{
    private readonly string _subjects;
    private readonly string _records;

    /// <summary>Makes the folders where they are missing.</summary>
    public FinishedSubjects(string work)
    {
        (_subjects, _records) = (Path.Combine(work, "subjects"), Path.Combine(work, "records"));
        Directory.CreateDirectory(_subjects);
        Directory.CreateDirectory(_records);
    }

    /// <summary>Where a subject's volumes are written, named as in the prepared dataset; made where it is missing.</summary>
    public string Folder(string id) => Directory.CreateDirectory(Path.Combine(_subjects, id)).FullName;

    /// <summary>What became of a subject in an earlier run; null where it has to be done (again).</summary>
    /// <param name="id">The subject.</param>
    /// <param name="key">What its preparation depends on now.</param>
    public PreparationOutcome? Find(string id, string key)
    {
        try
        {
            var outcome = PreparedJson.Parse<PreparationOutcome>(File.ReadAllText(RecordPath(id)));
            var whole = outcome.Key == key && (outcome.LeftOut is not null || (outcome.Prepared?.Id == id && outcome == WithHashes(outcome)));
            return whole ? outcome : null;
        }
        catch (Exception e) when (e is IOException or JsonException or ArgumentException)
        {
            return null; // not there, or not whole
        }
    }

    /// <summary>Records what became of a subject, once its volumes are written.</summary>
    public void Keep(string id, PreparationOutcome outcome) => PreparedJson.Write(RecordPath(id), WithHashes(outcome));

    /// <summary>Moves a prepared subject's volumes to a folder of the result, with its description.</summary>
    public void MoveTo(string folder, PreparedSubject subject)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in new[] { PreparedFiles.Image, PreparedFiles.Labels })
            File.Move(Path.Combine(Folder(subject.Id), name), Path.Combine(folder, name), overwrite: true);
        PreparedJson.Write(Path.Combine(folder, PreparedFiles.Subject), subject);
    }

    /// <summary>Removes what is left.</summary>
    public void Delete()
    {
        Directory.Delete(_subjects, recursive: true);
        Directory.Delete(_records, recursive: true);
    }

    private PreparationOutcome WithHashes(PreparationOutcome outcome) => outcome.Prepared is not { } subject
        ? outcome
        : outcome with
        {
            ImageHash = FileHash.Of(Path.Combine(_subjects, subject.Id, PreparedFiles.Image)),
            LabelHash = FileHash.Of(Path.Combine(_subjects, subject.Id, PreparedFiles.Labels)),
        };

    private string RecordPath(string id) => Path.Combine(_records, id + ".json");
}
