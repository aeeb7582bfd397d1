using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Common.Pickle;

/// <summary>Writes the pickle of a file of tensors, operation by operation, as PyTorch does; storages beside it.</summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream _bytes = new();
    private readonly List<byte[]> _storages = [];

    public PickleWriter() => Raw(0x80, 2);

    /// <summary>Raw little-endian numbers of the storages that were written, by key.</summary>
    public IReadOnlyList<byte[]> Storages => _storages;

    /// <summary>The pickle, ended.</summary>
    public byte[] Done()
    {
        Raw('.');
        return _bytes.ToArray();
    }

    public PickleWriter Raw(params int[] bytes)
    {
        foreach (var value in bytes) _bytes.WriteByte((byte)value);
        return this;
    }

    /// <summary>A plain value, a list, a tuple (array), a dictionary, or a tensor.</summary>
    public PickleWriter Value(object? value) => value switch
    {
        null => Raw('N'),
        bool truth => Raw(truth ? 0x88 : 0x89),
        int number => Raw('J').Int32(number),
        double number => Raw('G').Double(number),
        string text => Text(text),
        Tensor tensor => Tensor(tensor),
        IEnumerable<KeyValuePair<string, object?>> items => Raw('}').Items(items),
        object?[] tuple => Raw('(').Values(tuple).Raw('t'),
        IEnumerable<object?> list => Raw(']', '(').Values(list).Raw('e'),
        _ => throw new ArgumentException($"No pickle of {value.GetType()}."),
    };

    /// <summary>An ordered dictionary with the empty attribute that PyTorch gives the state of a network.</summary>
    public PickleWriter Ordered(IEnumerable<KeyValuePair<string, object?>> items) =>
        Global("collections", "OrderedDict").Raw(')', 'R').Items(items).Raw('}').Text("_metadata").Raw('N', 's', 'b');

    public PickleWriter Global(string module, string name)
    {
        Raw('c');
        _bytes.Write(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));
        return this;
    }

    /// <summary>A tensor with a storage of its own.</summary>
    public PickleWriter Tensor(Tensor tensor)
    {
        using var flat = tensor.contiguous(); // a tensor that nothing holds may be collected while the library reads it
        return View(tensor, 0, tensor.shape, flat.stride());
    }

    /// <summary>A view of a storage that holds a tensor's numbers in C order.</summary>
    public PickleWriter View(Tensor stored, long offset, long[] shape, long[] strides)
    {
        using var flat = stored.contiguous();
        _storages.Add(flat.numel() == 0 ? [] : flat.bytes.ToArray());
        return View(StorageClass(stored.dtype), (_storages.Count - 1).ToString(), flat.numel(), offset, shape, strides);
    }

    public PickleWriter View(string storageClass, string key, long count, long offset, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Raw('(').Raw('(').Text("storage").Global("torch", storageClass).Text(key).Text("cpu")
            .Int((int)count).Raw('t', 'Q')
            .Int((int)offset).Value(shape.Select(n => (object?)(int)n).ToArray()).Value(strides.Select(n => (object?)(int)n).ToArray())
            .Raw(0x89).Global("collections", "OrderedDict").Raw(')', 'R').Raw('t', 'R');

    public PickleWriter Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Raw('X').Int32(bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    private PickleWriter Items(IEnumerable<KeyValuePair<string, object?>> items)
    {
        Raw('(');
        foreach (var (key, value) in items) Text(key).Value(value);
        return Raw('u');
    }

    private PickleWriter Values(IEnumerable<object?> values)
    {
        foreach (var value in values) Value(value);
        return this;
    }

    private PickleWriter Int(int value) => Raw('J').Int32(value);

    private PickleWriter Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    private PickleWriter Double(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    private static string StorageClass(ScalarType type) => type switch
    {
        ScalarType.Float32 => "FloatStorage",
        ScalarType.Float16 => "HalfStorage",
        ScalarType.BFloat16 => "BFloat16Storage",
        ScalarType.Float64 => "DoubleStorage",
        ScalarType.Int64 => "LongStorage",
        _ => throw new ArgumentException($"No storage of {type}."),
    };
}
