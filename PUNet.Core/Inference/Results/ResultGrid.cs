namespace PUNet.Core.Inference.Results;

/// <summary>A table as people read it.</summary>
/// <param name="Header">Names of the columns.</param>
/// <param name="Numbers">Whether a column holds numbers, which are set to the right.</param>
/// <param name="Keys">How many columns, the first ones, say what a row is about.</param>
/// <param name="Rows">As many cells each as there are columns.</param>
public sealed record ResultGrid(
    IReadOnlyList<string> Header, IReadOnlyList<bool> Numbers, int Keys, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Every cell that says something, by the name of its row and its column: liver, promptTune, Dice (%).</summary>
    public IEnumerable<KeyValuePair<string, string>> Entries =>
        from row in Rows
        from cell in row.Zip(Header).Skip(Keys)
        where cell.First != ""
        select KeyValuePair.Create(string.Join(", ", [.. row.Take(Keys), cell.Second]), cell.First);

    /// <summary>As Markdown.</summary>
    internal string Markdown => Common.Files.Markdown.Table(Header, Numbers, Rows);

    /// <summary>A row for every item, a cell for every column.</summary>
    internal static ResultGrid Of<T>(int keys, IEnumerable<T> items, IReadOnlyList<(string Name, bool IsNumber, Func<T, string> Text)> columns) =>
        new([.. columns.Select(column => column.Name)], [.. columns.Select(column => column.IsNumber)], keys,
            [.. items.Select(item => (IReadOnlyList<string>)[.. columns.Select(column => column.Text(item))])]);
}
