using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PUNet.Core.Common.Files;
using PUNet.Core.Data.Prepared;

namespace PUNet.Core.Data.Preparation;

/// <summary>
/// Subjects that earlier preparations of the same code hold, by their keys. A copy is taken only where each of its bytes is as it was
/// published; everything else is prepared anew.
/// </summary>
internal sealed class EarlierSubjects(IEnumerable<EarlierResult> results)
{
    private readonly Lazy<IReadOnlyDictionary<string, List<Found>>> _found = new(() => Index(results));

    /// <summary>Copies a subject's volumes, or takes over why it was left out; null where no earlier result has it whole.</summary>
    /// <param name="id">Its name now.</param>
    /// <param name="key">What its preparation depends on.</param>
    /// <param name="folder">Where the volumes go.</param>
    public PreparationOutcome? Take(string id, string key, Func<string> folder)
    {
        foreach (var found in _found.Value.GetValueOrDefault(key, []))
            if (Take(found, id, key, folder) is { } outcome) return outcome;
        return null;
    }

    private static PreparationOutcome? Take(Found found, string id, string key, Func<string> folder)
    {
        if (found.LeftOut is { } reason) return new PreparationOutcome(key, null, reason);
        try
        {
            if (Text(found.Result, found.Folder + PreparedFiles.Subject) is not { } description) return null;
            foreach (var name in new[] { PreparedFiles.Image, PreparedFiles.Labels })
                if (!Copy(found.Result, found.Folder + name, Path.Combine(folder(), name))) return null;
            return new PreparationOutcome(key, PreparedJson.Parse<PreparedSubject>(description) with { Id = id }, null)
            {
                Disagreement = found.Origin!.Disagreement,
                IsTurned = found.Origin.IsTurned,
            };
        }
        catch (Exception e) when (IsNoUse(e))
        {
            return null; // deleted meanwhile, or not readable
        }
    }

    private static Dictionary<string, List<Found>> Index(IEnumerable<EarlierResult> results)
    {
        var index = new Dictionary<string, List<Found>>();
        foreach (var result in results)
            foreach (var (key, found) in Of(result))
            {
                if (!index.TryGetValue(key, out var known)) index[key] = known = [];
                known.Add(found);
            }
        return index;
    }

    /// <summary>Subjects of one result; none where it is of another kind or its list of subjects is damaged.</summary>
    private static IReadOnlyList<(string Key, Found Found)> Of(EarlierResult result)
    {
        try
        {
            if (Text(result, PreparedFiles.Subjects) is not { } text) return [];
            var file = PreparedJson.Parse<SubjectsFile>(text);
            var folders = new Dictionary<string, string>();
            foreach (var path in result.Hashes.Keys)
                if (PreparedFiles.PlaceOf(path) is { } place) folders[place.Id] = path[..(path.LastIndexOf('/') + 1)];
            var prepared = file.Subjects.Where(subject => folders.ContainsKey(subject.Id));
            return [
                .. prepared.Select(subject => (subject.Key, new Found(result, folders[subject.Id], subject, null))),
                .. file.LeftOut.Select(subject => (subject.Key, new Found(result, "", null, subject.Reason)))];
        }
        catch (Exception e) when (IsNoUse(e))
        {
            return [];
        }
    }

    private static bool IsNoUse(Exception e) =>
        e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException or ArgumentException;

    /// <summary>A file's text; null where it is not what was published.</summary>
    private static string? Text(EarlierResult result, string path)
    {
        if (!result.Hashes.TryGetValue(path, out var expected)) return null;
        var bytes = File.ReadAllBytes(Path.Combine(result.Folder, path));
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == expected ? Encoding.UTF8.GetString(bytes) : null;
    }

    /// <summary>Copies a file; false where the copy is not what was published.</summary>
    private static bool Copy(EarlierResult result, string path, string target)
    {
        if (!result.Hashes.TryGetValue(path, out var expected)) return false;
        File.Copy(Path.Combine(result.Folder, path), target, overwrite: true);
        return FileHash.Of(target) == expected;
    }

    private sealed record Found(EarlierResult Result, string Folder, SubjectOrigin? Origin, string? LeftOut);
}
