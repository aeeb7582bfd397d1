using PUNet.Core.Common.Files;

namespace PUNet.Core.Data.Layouts;

/// <summary>A small comma-separated table with a header; columns in any order.</summary>
internal static class CsvTable
{
    /// <summary>Its rows, by lower-case column name; blanks around a field do not count.</summary>
    /// <param name="path">The file.</param>
    /// <param name="required">Columns that must be there.</param>
    /// <exception cref="DatasetException">
    /// No table, a required column is missing, a column is there twice, or a row has another number of fields.
    /// </exception>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Read(string path, params string[] required)
    {
        var records = Records(path);
        if (records.Count == 0) throw new DatasetException(path, $"is empty; the columns {string.Join(", ", required)} are expected.");
        var columns = records[0].Fields.Select(name => name.Trim().ToLowerInvariant()).ToList();
        if (required.FirstOrDefault(name => !columns.Contains(name)) is { } missing)
            throw new DatasetException(path, $"has no column '{missing}'; it has {string.Join(", ", columns)}.");
        if (columns.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DatasetException(path, $"has {twice.Count()} columns '{twice.Key}'; each stands once.");
        foreach (var record in records.Skip(1).Where(record => record.Fields.Count > 1 || record.Fields[0].Trim().Length > 0))
        {
            if (record.Fields.Count != columns.Count)
                throw new DatasetException(path, $"has {record.Fields.Count} fields in line {record.Line} where its header has {columns.Count}.");
            yield return columns.Zip(record.Fields).ToDictionary(pair => pair.First, pair => pair.Second.Trim());
        }
    }

    private static IReadOnlyList<Csv.Record> Records(string path)
    {
        try
        {
            return Csv.Read(File.ReadAllText(path));
        }
        catch (FormatException fault)
        {
            throw new DatasetException(path, fault.Message);
        }
    }
}
