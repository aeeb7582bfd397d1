using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Common.Settings;

namespace PUNet.Core.Data.Layouts;

/// <summary>
/// A table of subjects: columns id, image, label and, if wanted, part (train, validation, test), patient and domain. Paths are taken
/// from the table's folder.
/// </summary>
public sealed record CsvList : DatasetLayout
{
    /// <summary>The table's file name, below the dataset's folder.</summary>
    public string File { get; init; } = "subjects.csv";

    /// <inheritdoc/>
    public override DatasetLayout InParts => this;

    /// <inheritdoc/>
    public override IEnumerable<Fault> Faults() =>
        string.IsNullOrWhiteSpace(File) ? [Unfindable("A list of subjects has a file name; given ''")] : [];

    /// <inheritdoc/>
    protected internal override string Name => "csv";

    /// <inheritdoc/>
    protected internal override IEnumerable<DatasetLayout> Recognise(string folder) =>
        System.IO.File.Exists(Path.Combine(folder, File)) ? [this] : [];

    /// <inheritdoc/>
    protected internal override string Rule => $"{File} is expected with the columns id, image, label and, if wanted, part, patient, domain.";

    /// <inheritdoc/>
    private protected override DatasetInventory Find(DatasetFolder folder)
    {
        var path = folder.Table(File, Rule);
        var (subjects, faults) = (new List<SubjectFiles>(), new List<(string, string)>());
        foreach (var row in CsvTable.Read(path, "id", "image", "label"))
        {
            var (image, label) = (folder.At(row["image"]), folder.At(row["label"]));
            var missing = new[] { image, label }.FirstOrDefault(file => FileStatus.Of(file).Kind == FileKind.Missing);
            if (missing is not null) faults.Add((path, $"names {missing} for subject '{row["id"]}', and there is no such file. {Rule}"));
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

    private static string? Optional(IReadOnlyDictionary<string, string> row, string column) =>
        row.TryGetValue(column, out var value) && value.Length > 0 ? value : null;
}
