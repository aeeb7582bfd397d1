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
    protected override string Rule => $"{File} is expected with the columns id, image, label and, if wanted, part, patient, domain.";

    /// <inheritdoc/>
    protected override IEnumerable<SubjectFiles> Find(string folder)
    {
        var path = Path.Combine(folder, File);
        foreach (var row in CsvTable.Read(path, "id", "image", "label"))
        {
            var (image, label) = (Path.Combine(folder, row["image"]), Path.Combine(folder, row["label"]));
            foreach (var file in new[] { image, label })
                if (!System.IO.File.Exists(file)) throw new DatasetException(path, $"names {file} for subject '{row["id"]}', and there is no such file. {Rule}");
            yield return new SubjectFiles(row["id"], image, label, PartOf(row, path), Optional(row, "patient"), Optional(row, "domain"));
        }
    }

    private static Part? PartOf(IReadOnlyDictionary<string, string> row, string path) => Optional(row, "part") switch
    {
        null => null,
        var name when Enum.TryParse<Part>(name, ignoreCase: true, out var part) && Enum.IsDefined(part) => part,
        var name => throw new DatasetException(path, $"puts subject '{row["id"]}' into the part '{name}'; parts are train, validation and test."),
    };

    private static string? Optional(IReadOnlyDictionary<string, string> row, string column) => row.TryGetValue(column, out var value) && value.Length > 0 ? value : null;
}
