using System.Text.Json;

namespace PUNet.Core.Data;

/// <summary>
/// The layout of nnU-Net and the Medical Segmentation Decathlon: <c>imagesTr</c>, <c>labelsTr</c> and <c>dataset.json</c>. Images of
/// several channels are told by _0000, _0001 … at the end of their names.
/// </summary>
public sealed record NnUNet : DatasetLayout
{
    private const string Ignored = "ignore";
    private const string Description = "dataset.json";
    private const int ChannelDigits = 4;

    /// <summary>Which channel of each subject to take, from 0.</summary>
    public int Channel { get; init; }

    /// <summary>Label → class, as <c>dataset.json</c> says; background is not in it, nor the label "ignore" (<see cref="IgnoredLabel"/>).</summary>
    /// <exception cref="DatasetException">The file is missing, has no labels, or has labels made of several values (regions).</exception>
    public static IReadOnlyDictionary<int, string> Classes(string folder)
    {
        var classes = Labels(folder).Where(entry => entry.Key > 0 && entry.Value != Ignored).ToDictionary();
        return classes.Count > 0 ? classes : throw new DatasetException(Path.Combine(folder, Description), "names no class besides background.");
    }

    /// <summary>Refuses classes that the dataset does not have.</summary>
    /// <exception cref="DatasetException">A label value is not in <c>dataset.json</c>.</exception>
    public static void MustKnow(string folder, IReadOnlyDictionary<int, string> classes)
    {
        var known = Classes(folder);
        if (classes.Keys.Where(label => !known.ContainsKey(label)).ToList() is { Count: > 0 } unknown)
            throw new DatasetException(Path.Combine(folder, Description), $"has the labels {string.Join(", ", known.Select(entry => $"{entry.Key} ({entry.Value})"))}; the declared classes name {string.Join(", ", unknown)} too. Correct the classes.");
    }

    /// <summary>The label of voxels that nobody annotated; null where there is none.</summary>
    /// <inheritdoc cref="Classes"/>
    public static int? IgnoredLabel(string folder) => Labels(folder).Where(entry => entry.Value == Ignored).Select(entry => (int?)entry.Key).FirstOrDefault();

    /// <inheritdoc/>
    public override IReadOnlyDictionary<int, string> KnownLabels(string folder) => Labels(folder).Where(entry => entry.Key > 0).ToDictionary();

    /// <inheritdoc/>
    public override bool? InHounsfieldUnits(string folder)
    {
        using var json = Parse(folder);
        foreach (var key in new[] { "channel_names", "modality" })
            if (json.RootElement.TryGetProperty(key, out var channels) && channels.ValueKind == JsonValueKind.Object && channels.TryGetProperty($"{Channel}", out var name))
                return name.ToString().Equals("CT", StringComparison.OrdinalIgnoreCase);
        return null;
    }

    /// <inheritdoc/>
    protected internal override string Rule => $"Images are expected as imagesTr/ID.nii.gz or imagesTr/ID_{Channel:0000}.nii.gz, label maps as labelsTr/ID.nii.gz.";

    /// <inheritdoc/>
    protected override bool LabelsMayBeAlone => false;

    /// <inheritdoc/>
    protected override DatasetInventory Find(string folder)
    {
        var (images, labels) = (Path.Combine(folder, "imagesTr"), Path.Combine(folder, "labelsTr"));
        foreach (var path in new[] { images, labels })
            if (!Directory.Exists(path)) throw new DatasetException(path, $"There is no such folder. {Rule}");
        var (channel, single) = (new FilePattern($"{{id}}_{Channel:0000}"), new FilePattern("{id}"));
        var (subjects, alone) = (new List<SubjectFiles>(), new List<string>());
        foreach (var (id, label) in single.Match(labels))
            if ((channel.Find(images, id) ?? (Channel == 0 ? single.Find(images, id) : null)) is { } image) subjects.Add(new SubjectFiles(id, image, label));
            else alone.Add(label);
        var ids = subjects.Select(subject => subject.Id).Concat(alone.Select(label => single.Match(new FileInfo(label))!)).ToHashSet();
        return new(subjects, [.. single.Match(images).Where(image => !ids.Contains(WithoutChannel(image.Id)) && !ids.Contains(image.Id)).Select(image => image.Path)], alone, []);
    }

    /// <summary>case_7_0001 is a channel of case_7.</summary>
    private static string WithoutChannel(string id) =>
        id.Length > ChannelDigits + 1 && id[^(ChannelDigits + 1)] == '_' && id[^ChannelDigits..].All(char.IsAsciiDigit) ? id[..^(ChannelDigits + 1)] : id;

    private static Dictionary<int, string> Labels(string folder)
    {
        var path = Path.Combine(folder, Description);
        var labels = new Dictionary<int, string>();
        using var json = Parse(folder);
        try
        {
            foreach (var entry in json.RootElement.GetProperty("labels").EnumerateObject())
            {
                var (label, name) = entry.Value.ValueKind switch
                {
                    JsonValueKind.String => (int.Parse(entry.Name), entry.Value.GetString()!), // Decathlon: "1": "liver"
                    JsonValueKind.Number => (entry.Value.GetInt32(), entry.Name), // nnU-Net: "liver": 1
                    _ => throw new DatasetException(path, $"makes the class '{entry.Name}' of several labels; classes must have one label each."),
                };
                labels[label] = name;
            }
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new DatasetException(path, $"is not as nnU-Net has it: {e.Message}");
        }
        return labels;
    }

    private static JsonDocument Parse(string folder)
    {
        var path = Path.Combine(folder, Description);
        try
        {
            return JsonDocument.Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new DatasetException(path, $"is missing or not as nnU-Net has it: {e.Message}");
        }
    }
}
