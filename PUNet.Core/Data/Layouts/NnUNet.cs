using System.Text.Json;
using PUNet.Core.Common.Settings;
using PUNet.Core.Data.Preparation;

namespace PUNet.Core.Data.Layouts;

/// <summary>
/// The layout of nnU-Net and the Medical Segmentation Decathlon: <c>imagesTr</c>, <c>labelsTr</c> and <c>dataset.json</c>. Images of
/// several channels are told by _0000, _0001 … at the end of their names.
/// </summary>
public sealed record NnUNet : DatasetLayout
{
    private const string Ignored = "ignore";
    private const string Description = "dataset.json";
    private const int ChannelDigits = 4;
    private const int MostChannels = 9999;

    /// <summary>Which channel of each subject to take, from 0.</summary>
    public int Channel { get; init; }

    /// <summary>Refuses classes that the dataset does not have.</summary>
    /// <exception cref="DatasetException">A label value is not in <c>dataset.json</c>, or that names no class at all.</exception>
    private static void MustKnow(DatasetSource source, IReadOnlyDictionary<int, string> classes)
    {
        var known = (source.Labels ?? new Dictionary<int, string>()).Where(entry => entry.Value != Ignored).ToDictionary();
        var path = Path.Combine(source.Folder, Description);
        if (known.Count == 0) throw new DatasetException(path, "names no class besides background.");
        if (classes.Keys.Where(label => !known.ContainsKey(label)).ToList() is { Count: > 0 } unknown)
        {
            var labels = string.Join(", ", known.Select(entry => $"{entry.Key} ({entry.Value})"));
            var more = string.Join(", ", unknown);
            throw new DatasetException(path, $"has the labels {labels}; the declared classes name {more} too. Correct the classes.");
        }
    }

    /// <summary>The label of voxels that nobody annotated; null where there is none.</summary>
    private static int? IgnoredLabel(DatasetSource source) =>
        source.Labels?.Where(entry => entry.Value == Ignored).Select(entry => (int?)entry.Key).FirstOrDefault();

    /// <inheritdoc/>
    public override bool? InHounsfieldUnits(string folder)
    {
        using var json = Parse(new DatasetFolder(folder));
        foreach (var key in new[] { "channel_names", "modality" })
            if (json.RootElement.TryGetProperty(key, out var channels)
                && channels.ValueKind == JsonValueKind.Object
                && channels.TryGetProperty($"{Channel}", out var name))
                return name.ToString().Equals("CT", StringComparison.OrdinalIgnoreCase);
        return null;
    }

    /// <inheritdoc/>
    public override PreparationOptions Complete(PreparationOptions options, DatasetSource source)
    {
        MustKnow(source, options.Classes);
        return options with { IgnoredSourceLabel = IgnoredLabel(source) };
    }

    /// <inheritdoc/>
    public override IEnumerable<Fault> Faults() =>
        Channel is < 0 or > MostChannels ? [Unfindable($"A channel is a number from 0 to {MostChannels}; given {Channel}")] : [];

    /// <inheritdoc/>
    protected internal override string Name => "nnunet";

    /// <inheritdoc/>
    protected internal override IEnumerable<DatasetLayout> Recognise(string folder) =>
        Has(folder, "imagesTr") && Has(folder, "labelsTr") ? [this] : [];

    /// <inheritdoc/>
    protected internal override string Rule =>
        $"Images are expected as imagesTr/ID.nii.gz or imagesTr/ID_{Channel:0000}.nii.gz, label maps as labelsTr/ID.nii.gz.";

    /// <inheritdoc/>
    protected override bool LabelsMayBeAlone => false;

    /// <inheritdoc/>
    private protected override DatasetInventory Find(DatasetFolder folder)
    {
        var single = new FilePattern("{id}");
        var images = single.Match(folder.Folder("imagesTr", Rule)).ToLookup(match => match.Id, match => match.Path);
        var labels = single.Match(folder.Folder("labelsTr", Rule));
        var (subjects, alone) = (new List<SubjectFiles>(), new List<string>());
        List<(string, string)> faults = [.. Disagreements(folder, [.. labels.Select(match => match.Path)])];
        foreach (var (id, label) in labels)
        {
            var channel = images[$"{id}_{Channel:0000}"].ToList();
            if (channel.Count == 0 && Channel == 0) channel = [.. images[id]];
            if (channel.Count == 1) subjects.Add(new SubjectFiles(id, channel[0], label));
            else if (channel.Count == 0) alone.Add(label);
            else faults.Add((label, $"has several images of channel {Channel}: {string.Join(", ", channel.Select(Path.GetFileName))}. Keep one."));
        }
        var ids = labels.Select(match => match.Id).ToHashSet();
        var strangers = images.Where(image => !ids.Contains(WithoutChannel(image.Key)) && !ids.Contains(image.Key));
        return new(subjects, [.. strangers.SelectMany(image => image)], alone, faults);
    }

    /// <summary>What the description says that the folder does not have.</summary>
    private IEnumerable<(string Path, string Problem)> Disagreements(DatasetFolder folder, IReadOnlyList<string> labels)
    {
        var path = folder.At(Description);
        if (!File.Exists(path)) yield break; // told where its labels are needed
        using var json = Parse(folder);
        var root = json.RootElement;
        if (root.TryGetProperty("numTraining", out var training) && training.TryGetInt32(out var count) && count != labels.Count)
            yield return (path, $"says numTraining {count}, labelsTr has {labels.Count}. Bring the missing cases back, or correct the number.");
        if (root.TryGetProperty("file_ending", out var ending) && ending.GetString() is { } said
            && labels.FirstOrDefault(label => !label.EndsWith(said, StringComparison.OrdinalIgnoreCase)) is { } other)
            yield return (path, $"says file_ending \"{said}\", labelsTr has {Path.GetFileName(other)}. Convert the files, or correct the ending.");
        foreach (var key in new[] { "channel_names", "modality" })
        {
            if (!root.TryGetProperty(key, out var channels) || channels.ValueKind != JsonValueKind.Object) continue;
            if (channels.TryGetProperty($"{Channel}", out _)) continue;
            var named = string.Join(", ", channels.EnumerateObject().Select(channel => $"{channel.Name} ({channel.Value})"));
            yield return (path, $"names the channels {named}, not {Channel}. Take one of them, or correct the names.");
        }
    }

    /// <summary>Label → class, as <c>dataset.json</c> says, the label "ignore" among them; background is not.</summary>
    /// <exception cref="DatasetException">The file is missing, has no labels, or has labels made of several values (regions).</exception>
    private protected override IReadOnlyDictionary<int, string> Labels(DatasetFolder folder)
    {
        var path = folder.At(Description);
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
                if (label > 0) labels[label] = name;
            }
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new DatasetException(path, $"is not as nnU-Net has it: {e.Message}");
        }
        return labels;
    }

    /// <summary>case_7_0001 is a channel of case_7.</summary>
    private static string WithoutChannel(string id)
    {
        const int suffix = ChannelDigits + 1;
        return id.Length > suffix && id[^suffix] == '_' && id[^ChannelDigits..].All(char.IsAsciiDigit) ? id[..^suffix] : id;
    }

    private static JsonDocument Parse(DatasetFolder folder)
    {
        var path = folder.Table(Description, "nnU-Net's folders have a dataset.json that names the labels.");
        try
        {
            return JsonDocument.Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new DatasetException(path, $"is not as nnU-Net has it: {e.Message}");
        }
    }
}
