namespace PUNet.Core.Common.Pickle;

/// <summary>A Python dictionary, or an object that consists of named values, in the order of the file.</summary>
internal sealed class PickleDictionary
{
    private const int LongestName = 1000;

    private readonly List<KeyValuePair<object?, object?>> _items = [];

    /// <summary>All entries; of several with one key the last counts.</summary>
    public IReadOnlyList<KeyValuePair<object?, object?>> Items => _items;

    /// <summary>The named values of an object; an ordered dictionary may have some beside its entries.</summary>
    public PickleDictionary? Attributes { get; set; }

    /// <summary>Adds an entry.</summary>
    public void Add(object? key, object? value) => _items.Add(new(key, value));

    /// <summary>The entries whose keys are texts; longer ones than any name are left out, so that looking up stays fast.</summary>
    public Dictionary<string, object?> ByName()
    {
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in _items)
            if (key is string { Length: <= LongestName } name) named[name] = value;
        return named;
    }
}
