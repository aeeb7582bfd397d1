using System.Security.Cryptography;
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

    /// <summary>What became of a subject in an earlier run; null where it has to be done (again).</summary>
    public PreparationOutcome? Find(string id)
    {
        try
        {
            var outcome = JsonSerializer.Deserialize<PreparationOutcome>(File.ReadAllText(RecordPath(id)), SubjectsFile.Json);
            var whole = outcome?.LeftOut is not null || (outcome?.Prepared?.Id == id && outcome == WithHashes(outcome));
            return whole ? outcome : null;
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

    private PreparationOutcome WithHashes(PreparationOutcome outcome) => outcome.Prepared is not { } subject
        ? outcome
        : outcome with { ImageHash = Hash(PreparedDataset.ImagePath(Folder, subject.Id)), LabelHash = Hash(PreparedDataset.LabelPath(Folder, subject.Id)) };

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private string RecordPath(string id) => Path.Combine(Folder, Records, id + ".json");
}
