using System.Globalization;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;

namespace PUNet.Core.Inference.Results;

/// <summary>
/// Evaluations side by side: <c>table.json</c>, which is read back, the same as <c>table.csv</c> and <c>table.md</c>, and
/// <c>picture.png</c>.
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

    /// <summary>The picture's rows: the classes that some evaluation has drawn.</summary>
    public required IReadOnlyList<string> PictureRows { get; init; }

    /// <summary>The picture's columns: image, reference, and the variants.</summary>
    public required IReadOnlyList<string> PictureColumns { get; init; }

    /// <summary>Names of the columns for people.</summary>
    public static IReadOnlyList<string> Header { get; } = ["class", "variant", "Dice (%)", "subjects", "trained parameters", "share"];

    /// <summary>One evaluation of the table.</summary>
    /// <param name="Variant">What was done, for example promptTune.</param>
    /// <param name="Folder">Its artifact.</param>
    /// <param name="Repetition">Number that rows share which differ in their seed only; null for a single one.</param>
    public sealed record Row(string Variant, string Folder, int? Repetition = null);

    /// <summary>Writes all files; the picture only where a row has panels.</summary>
    public static void Write(string title, IReadOnlyList<Row> rows, string folder)
    {
        var picture = ResultPicture.Of(rows);
        var table = new ResultTable { Title = title, Lines = Collect(rows), PictureRows = picture.Rows, PictureColumns = picture.Columns };
        JsonFile.Write(Path.Combine(folder, FileName), table);
        AtomicFile.WriteText(Path.Combine(folder, "table.csv"), table.Csv());
        AtomicFile.WriteText(Path.Combine(folder, "table.md"), table.Markdown());
        picture.Write(folder);
    }

    /// <summary>Reads a table; null where the folder holds none.</summary>
    /// <exception cref="IOException">It is damaged.</exception>
    public static ResultTable? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        return JsonFile.Read<ResultTable>(path, (problem, cause) => new IOException($"{path} is no table of results: {problem}", cause));
    }

    /// <summary>The cells of a line, under <see cref="Header"/>.</summary>
    public static IReadOnlyList<string> Cells(ResultLine line) =>
        [line.Class, line.Variant, DiceOf(line), $"{line.Subjects} of {line.PartSubjects}", Number(line.TrainedParameters, "N0"), Share(line)];

    /// <summary>Whether a column holds numbers.</summary>
    public static IReadOnlyList<bool> Numbers { get; } = [false, false, true, true, true, true];

    /// <summary>Sentences on what the figures mean, true of just these lines.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            var notes = new List<string> { $"Dice: mean ± standard deviation over the subjects of the {Parts} that have the class." };
            if (Lines.Any(line => line.Seeds > 1))
                notes.Add("(seeds): mean ± standard deviation over trainings with other seeds, of each one's mean over subjects.");
            if (Lines.Any(line => line.Dice is not null && line.Deviation is null)) notes.Add("Without ±: a single subject has the class.");
            if (Lines.Any(line => line.Dice is null))
                notes.Add("absent: no subject has the class, so there is no score, and none is in any mean.");
            if (Lines.Any(line => line.TrainedParameters is not null)) notes.Add("Share: trained parameters of body and trained parameters together.");
            if (PictureRows.Count > 0 && Lines.Any(line => line.Seeds > 1)) notes.Add("Of several seeds the picture shows the first.");
            return notes;
        }
    }

    /// <summary>What stands where in the picture; null where there is none.</summary>
    public string? PictureCaption =>
        PictureRows.Count == 0 ? null : $"Rows: {string.Join("; ", PictureRows)}. Columns: {string.Join("; ", PictureColumns)}.";

    private string Parts =>
        string.Join(" and the ", Lines.Select(line => line.Part).Distinct().Order().Select(part => $"{part.ToString().ToLowerInvariant()} part"));

    private static List<ResultLine> Collect(IReadOnlyList<Row> rows) =>
        [.. rows.SelectMany(row =>
        {
            var summary = EvaluationSummary.Read(row.Folder);
            return summary.Classes.Select(score => (row.Repetition, Line: ResultLine.Of(row.Variant, summary, score)));
        })
        .Select((found, i) => (Group: found.Repetition is { } number ? (number, found.Line.Class) : (-1 - i, ""), found.Line))
        .GroupBy(found => found.Group, found => found.Line)
        .Select(group => ResultLine.Over([.. group]))];

    private string Markdown()
    {
        var text = $"# {Common.Files.Markdown.Escape(Title)}\n\n{Common.Files.Markdown.Table(Header, Numbers, Lines.Select(Cells))}";
        text += string.Concat(Notes.Select(note => $"\n{note}\n"));
        return PictureCaption is { } caption ? $"{text}\n![{Common.Files.Markdown.Escape(caption)}]({PictureFile})\n" : text;
    }

    private string Csv() => Common.Files.Csv.Write(Lines
        .Select(line => (IReadOnlyList<string>)[line.Class, line.Variant, Number(line.Dice, "R"), Number(line.Deviation, "R"),
            line.Part.ToString().ToLowerInvariant(), Number<int>(line.Subjects, "D"), Number<int>(line.PartSubjects, "D"),
            Number(line.TrainedParameters, "D"), Number(line.TotalParameters, "D"), Number<int>(line.Seeds, "D")])
        .Prepend(["class", "variant", "dice_mean", "dice_sd", "part", "subjects", "part_subjects", "trained_parameters", "total_parameters", "seeds"]));

    private static string DiceOf(ResultLine line)
    {
        if (line.Dice is null) return "absent";
        var deviation = line.Deviation is null ? "" : $" ± {Number(line.Deviation, "F1")}";
        return $"{Number(line.Dice, "F1")}{deviation}{(line.Seeds > 1 ? $" ({line.Seeds} seeds)" : "")}";
    }

    private static string Share(ResultLine line) =>
        Number(100.0 * line.TrainedParameters / line.TotalParameters, "F2") is { Length: > 0 } share ? $"{share} %" : "";

    private static string Number<T>(T? value, string format) where T : struct, IFormattable =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
