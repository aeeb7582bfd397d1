using System.Text.Json.Serialization;
using PUNet.Core.Common.Files;

namespace PUNet.Core.Inference.Results;

/// <summary>
/// Evaluations side by side: <c>table.json</c>, which is read back, the same as <c>table.csv</c> and <c>table.md</c>, what comparisons come
/// to as <c>comparisons.csv</c>, and <c>picture.png</c>.
/// </summary>
public sealed record ResultTable
{
    /// <summary>The file of the picture, where there is one.</summary>
    public const string PictureFile = ResultPicture.FileName;

    /// <summary>The file that <see cref="Read"/> reads.</summary>
    public const string FileName = "table.json";

    /// <summary>What the table is about.</summary>
    public required string Title { get; init; }

    /// <summary>Class by class within each variant.</summary>
    public required IReadOnlyList<ResultLine> Lines { get; init; }

    /// <summary>Class by class within each pair of variants that is set side by side.</summary>
    public required IReadOnlyList<ResultComparison> Comparisons { get; init; }

    /// <summary>The picture's rows: the classes that some evaluation has drawn.</summary>
    public required IReadOnlyList<string> PictureRows { get; init; }

    /// <summary>The picture's columns: image, reference, and the variants.</summary>
    public required IReadOnlyList<string> PictureColumns { get; init; }

    /// <summary>The lines as people read them.</summary>
    [JsonIgnore]
    public ResultGrid Grid => ResultText.Lines(Lines);

    /// <summary>Sentences on what the figures mean, true of just these lines.</summary>
    public IReadOnlyList<string> Notes => ResultText.Notes(this);

    /// <summary>The comparisons as people read them.</summary>
    [JsonIgnore]
    public ResultGrid ComparisonGrid => ResultText.Comparisons(Comparisons);

    /// <summary>Sentences on what the differences mean; none where nothing was compared.</summary>
    public IReadOnlyList<string> ComparisonNotes => ResultText.ComparisonNotes(this);

    /// <summary>What stands where in the picture; null where there is none.</summary>
    public string? PictureCaption =>
        PictureRows.Count == 0 ? null : $"Rows: {string.Join("; ", PictureRows)}. Columns: {string.Join("; ", PictureColumns)}.";

    /// <summary>Writes all files; the picture only where a row has panels.</summary>
    /// <param name="title">What the table is about.</param>
    /// <param name="rows">The evaluations.</param>
    /// <param name="comparisons">Names of rows to be set side by side; of repeated ones, one training with one of the other stands for all.</param>
    /// <param name="folder">Where to write.</param>
    /// <exception cref="IOException">A row's folder holds no evaluation, or a damaged one.</exception>
    public static void Write(
        string title, IReadOnlyList<ResultRow> rows, IReadOnlyList<(string Left, string Right)> comparisons, string folder)
    {
        var (picture, variants) = (ResultPicture.Of(rows), ResultVariant.Of(rows));
        var table = new ResultTable
        {
            Title = title,
            Lines = [.. variants.SelectMany(variant => variant.Lines)],
            Comparisons = [.. comparisons.Select(pair => (Left: Of(pair.Left), Right: Of(pair.Right))).Distinct()
                .SelectMany(pair => ResultComparison.Of(pair.Left, pair.Right))],
            PictureRows = picture.Rows,
            PictureColumns = picture.Columns,
        };
        JsonFile.Write(Path.Combine(folder, FileName), table);
        ResultFiles.Write(table, folder);
        picture.Write(folder);

        ResultVariant Of(string row) => variants.FirstOrDefault(variant => variant.Holds(row))
            ?? throw new ArgumentException($"A comparison names '{row}', which is none of the rows.", nameof(comparisons));
    }

    /// <summary>Reads a table; null where the folder holds none.</summary>
    /// <exception cref="IOException">It is damaged.</exception>
    public static ResultTable? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        return JsonFile.Read<ResultTable>(path, (problem, cause) => new IOException($"{path} is no table of results: {problem}", cause));
    }
}
