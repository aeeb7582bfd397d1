namespace PUNet.Core.Data;

/// <summary>A small comma-separated table with a header; fields may be quoted; columns in any order.</summary>
internal static class CsvTable
{
    /// <summary>Its rows, by lower-case column name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="required">Columns that must be there.</param>
    /// <exception cref="DatasetException">A required column is missing, or a row has another number of fields.</exception>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Read(string path, params string[] required)
    {
        var lines = File.ReadAllLines(path);
        if (lines.Length == 0) throw new DatasetException(path, $"is empty; the columns {string.Join(", ", required)} are expected.");
        var columns = Fields(lines[0].TrimStart('\uFEFF')).Select(name => name.Trim().ToLowerInvariant()).ToList();
        if (required.FirstOrDefault(name => !columns.Contains(name)) is { } missing)
            throw new DatasetException(path, $"has no column '{missing}'; it has {string.Join(", ", columns)}.");
        for (var i = 1; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i])) continue;
            var fields = Fields(lines[i]);
            if (fields.Count != columns.Count) throw new DatasetException(path, $"has {fields.Count} fields in line {i + 1} where its header has {columns.Count}.");
            yield return columns.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second.Trim());
        }
    }

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var (field, quoted) = (new System.Text.StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                if (quoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
                else quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else field.Append(line[i]);
        }
        fields.Add(field.ToString());
        return fields;
    }
}
