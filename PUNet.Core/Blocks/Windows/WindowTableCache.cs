using PUNet.Core.Blocks.Attention;
using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Windows;

/// <summary>The window tables of one network, made once for every extent of a feature map it meets. Not thread-safe, as the network.</summary>
internal sealed class WindowTableCache(Extent window, AttentionSemantics semantics) : IDisposable
{
    private readonly Dictionary<(Extent, string, ScalarType), WindowTables> _tables = [];

    /// <summary>The tables for feature maps of <paramref name="content"/> positions.</summary>
    public WindowTables For(Extent content, Device device, ScalarType dtype)
    {
        var key = (content, device.ToString(), dtype);
        if (!_tables.TryGetValue(key, out var tables))
            _tables[key] = tables = new WindowTables(new WindowGrid(content, window, semantics), semantics, device, dtype);
        return tables;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tables in _tables.Values) tables.Dispose();
        _tables.Clear();
    }
}
