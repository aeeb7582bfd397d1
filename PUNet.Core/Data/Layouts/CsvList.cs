using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>
/// A table of subjects: columns id, image, label and, if wanted, part (train, validation, test), patient and domain. Paths are taken
/// from the table's folder.
/// </summary>
public sealed record CsvList : DatasetLayout
{
    /// <summary>The table's file name, below the dataset's folder.</summary>
    public string File { get; init; } = "subjects.csv";

    /// <inheritdoc/>
    protected internal override string Rule => $"{File} is expected with the columns id, image, label and, if wanted, part, patient, domain.";

    /// <inheritdoc/>
    protected override DatasetInventory Find(string folder)
    {
        var path = Path.Combine(folder, File);
        var (subjects, faults) = (new List<SubjectFiles>(), new List<(string, string)>());
        foreach (var row in CsvTable.Read(path, "id", "image", "label"))
        {
            var (image, label) = (Path.Combine(folder, row["image"]), Path.Combine(folder, row["label"]));
            var outside = new[] { image, label }.Where(file => Path.GetRelativePath(folder, file).StartsWith("..", StringComparison.Ordinal)).ToList();
            var missing = new[] { image, label }.Where(file => !System.IO.File.Exists(file)).ToList();
            if (missing.Count > 0) faults.Add((path, $"names {missing[0]} for subject '{row["id"]}', and there is no such file. {Rule}"));
            else if (outside.Count > 0) faults.Add((path, $"names {outside[0]} for subject '{row["id"]}', which lies outside {folder}: changes of it would not be noticed. Put the table above its files."));
            else subjects.Add(new SubjectFiles(row["id"], image, label, PartOf(row, path), Optional(row, "patient"), Optional(row, "domain")));
        }
        return new(subjects, [], [], faults);
    }

    private static Part? PartOf(IReadOnlyDictionary<string, string> row, string path) => Optional(row, "part") switch
    {
        null => null,
        var name when Enum.TryParse<Part>(name, ignoreCase: true, out var part) && Enum.IsDefined(part) => part,
        var name => throw new DatasetException(path, $"puts subject '{row["id"]}' into the part '{name}'; parts are train, validation and test."),
    };

    private static string? Optional(IReadOnlyDictionary<string, string> row, string column) => row.TryGetValue(column, out var value) && value.Length > 0 ? value : null;
}
