using System.Globalization;
using PUNet.Core.Common;
using PUNet.Core.Common.Pickle;

namespace PUNet.Core.Models.Published;

/// <summary>The hyper-parameters of a checkpoint by their published names, each read as what it must be.</summary>
internal sealed class HyperParameters
{
    private readonly string _path;
    private readonly Dictionary<string, object?> _values;

    private HyperParameters(string path, Dictionary<string, object?> values) => (_path, _values) = (path, values);

    /// <summary>Whether the file tells any.</summary>
    public bool Any => _values.Count > 0;

    /// <summary>The values of a checkpoint's entry: a dictionary, or an object of named values; null where there is none.</summary>
    public static HyperParameters From(string path, object? entry) => entry switch
    {
        null => new(path, []),
        PickleDictionary { Items.Count: 0, Attributes: { } attributes } => new(path, attributes.ByName()),
        PickleDictionary items => new(path, items.ByName()),
        _ => throw new CheckpointException($"{path} has hyper-parameters that are no named values."),
    };

    public int? Number(string name) => Get<long>(name, "a whole number") is { } value
        ? value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Wrong(name, "a small whole number")
        : null;

    public double? Real(string name) => _values.GetValueOrDefault(name) is long whole ? whole : Get<double>(name, "a number");

    public bool? Flag(string name) => Get<bool>(name, "True or False");

    public string? Text(string name) =>
        _values.GetValueOrDefault(name) switch { null => null, string text => text, _ => throw Wrong(name, "a text") };

    public IReadOnlyList<int>? Numbers(string name) => _values.GetValueOrDefault(name) is { } value ? Integers(name, value) : null;

    public Extent? Extent(string name) => _values.GetValueOrDefault(name) is { } value ? ToExtent(name, value) : null;

    public IReadOnlyList<Extent>? Extents(string name) => _values.GetValueOrDefault(name) is { } value
        ? [.. (Items(value) ?? throw Wrong(name, "a list of patch sizes")).Select(item => ToExtent(name, item))]
        : null;

    /// <summary>A value as people write it.</summary>
    public string Shown(string name) => Shown(_values.GetValueOrDefault(name), 3);

    private static string Shown(object? value, int depth) => value switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        string text => text.Length > 80 ? $"'{text[..80]}…'" : $"'{text}'",
        _ when depth > 0 && Items(value) is { Count: <= 20 } items => $"[{string.Join(", ", items.Select(item => Shown(item, depth - 1)))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "…",
    };

    private T? Get<T>(string name, string kind) where T : struct =>
        _values.GetValueOrDefault(name) switch { null => null, T value => value, _ => throw Wrong(name, kind) };

    private Extent ToExtent(string name, object? value) =>
        Integers(name, value) is [var h, var w, var d] ? new Extent(h, w, d) : throw Wrong(name, "three whole numbers");

    private IReadOnlyList<int> Integers(string name, object? value)
    {
        var items = Items(value);
        return items is not null && items.All(item => item is >= 0L and <= int.MaxValue)
            ? [.. items.Select(item => (int)(long)item!)]
            : throw Wrong(name, "a list of whole numbers");
    }

    private static IReadOnlyList<object?>? Items(object? value) =>
        value switch { List<object?> list => list, PickleTuple tuple => tuple.Items, _ => null };

    private CheckpointException Wrong(string name, string kind) =>
        new($"{_path}: the hyper-parameter {name} is {Shown(name)}, where {kind} is expected.");
}
