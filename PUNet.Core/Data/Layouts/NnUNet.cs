using System.Text.Json;

namespace PUNet.Core.Data;

/// <summary>
/// The layout of nnU-Net and the Medical Segmentation Decathlon: <c>imagesTr</c>, <c>labelsTr</c> and <c>dataset.json</c>. Images of
/// several channels are told by _0000, _0001 … at the end of their names.
/// </summary>
public sealed record NnUNet : DatasetLayout
{
    private const string Ignored = "ignore";

    /// <summary>Which channel of each subject to take, from 0.</summary>
    public int Channel { get; init; }

    /// <summary>Label → class, as <c>dataset.json</c> says; background is not in it, nor the label "ignore", which counts as background.</summary>
    /// <exception cref="DatasetException">The file is missing, has no labels, or has labels made of several values (regions).</exception>
    public static IReadOnlyDictionary<int, string> Classes(string folder)
    {
        var path = Path.Combine(folder, "dataset.json");
        var classes = new Dictionary<int, string>();
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            foreach (var entry in json.RootElement.GetProperty("labels").EnumerateObject())
            {
                var (label, name) = entry.Value.ValueKind switch
                {
                    JsonValueKind.String => (int.Parse(entry.Name), entry.Value.GetString()!), // Decathlon: "1": "liver"
                    JsonValueKind.Number => (entry.Value.GetInt32(), entry.Name), // nnU-Net: "liver": 1
                    _ => throw new DatasetException(path, $"makes the class '{entry.Name}' of several labels; classes must have one label each."),
                };
                if (label > 0 && name != Ignored) classes[label] = name;
            }
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new DatasetException(path, $"is missing or not as nnU-Net has it: {e.Message}");
        }
        return classes.Count > 0 ? classes : throw new DatasetException(path, "names no class besides background.");
    }

    /// <inheritdoc/>
    protected override string Rule => $"Images are expected as imagesTr/ID.nii.gz or imagesTr/ID_{Channel:0000}.nii.gz, label maps as labelsTr/ID.nii.gz.";

    /// <inheritdoc/>
    protected override IEnumerable<SubjectFiles> Find(string folder)
    {
        var (images, labels) = (Path.Combine(folder, "imagesTr"), Path.Combine(folder, "labelsTr"));
        foreach (var path in new[] { images, labels })
            if (!Directory.Exists(path)) throw new DatasetException(path, $"There is no such folder. {Rule}");
        var (channel, single) = (new FilePattern($"{{id}}_{Channel:0000}"), new FilePattern("{id}"));
        foreach (var (id, label) in single.Match(labels))
        {
            var image = channel.Find(images, id) ?? (Channel == 0 ? single.Find(images, id) : null);
            yield return image is not null
                ? new SubjectFiles(id, image, label)
                : throw new DatasetException(label, $"has no image of channel {Channel} in {images}. {Rule}");
        }
    }
}
