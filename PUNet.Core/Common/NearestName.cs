namespace PUNet.Core.Common;

/// <summary>The known name that a mistyped one most likely stands for.</summary>
public static class NearestName
{
    /// <summary>Fewest insertions, deletions and replacements of characters that turn one word into the other, whatever their case.</summary>
    public static int Distance(string first, string second)
    {
        var (from, to) = (first.ToLowerInvariant(), second.ToLowerInvariant());
        int[] above = [.. Enumerable.Range(0, to.Length + 1)];
        for (var i = 1; i <= from.Length; i++)
        {
            var row = new int[to.Length + 1];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
                row[j] = Math.Min(above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1), 1 + Math.Min(above[j], row[j - 1]));
            above = row;
        }
        return above[to.Length];
    }

    /// <summary>
    /// The closest of the known names, of equals the first in ordinal order; null where even that one differs in more
    /// than half of its characters.
    /// </summary>
    public static string? Find(string given, IEnumerable<string> known) => known
        .Select(name => (Edits: Distance(given, name), Name: name))
        .Where(entry => 2 * entry.Edits <= Math.Max(2, entry.Name.Length))
        .OrderBy(entry => entry.Edits).ThenBy(entry => entry.Name, StringComparer.Ordinal)
        .Select(entry => entry.Name).FirstOrDefault();

    /// <summary>The remedy for an unknown name: the nearest known one, or the list of all.</summary>
    public static string Remedy(string given, IEnumerable<string> known)
    {
        var all = known.ToList();
        if (Find(given, all) is { } name) return $"did you mean \"{name}\"?";
        return all.Count == 0 ? "none is declared" : $"known: {string.Join(", ", all)}";
    }
}
