using static TorchSharp.torch;

namespace PUNet.Core.Common.Pickle;

/// <summary>A tensor of a file that has not been read yet: a view of a storage.</summary>
internal sealed class StoredTensor
{
    private const int MostAxes = 16;

    private readonly TorchStorage _storage;
    private readonly long _offset;
    private readonly long[] _strides;

    private StoredTensor(TorchStorage storage, long offset, long[] shape, long[] strides) =>
        (_storage, _offset, Shape, _strides) = (storage, offset, shape, strides);

    public IReadOnlyList<long> Shape { get; }

    /// <summary>A tensor from the arguments that PyTorch rebuilds it with: storage, offset, sizes, strides, and what does not matter here.</summary>
    /// <exception cref="FormatException">It does not lie within its storage, or repeats elements.</exception>
    public static StoredTensor From(IReadOnlyList<object?> arguments)
    {
        if (arguments is not [TorchStorage storage, long offset, PickleTuple sizes, PickleTuple steps, ..] || offset < 0)
            throw new FormatException("stands a tensor without storage, offset, sizes and strides");
        var (shape, strides) = (Naturals(sizes), Naturals(steps));
        if (shape.Length != strides.Length) throw new FormatException("stands a tensor with other numbers of sizes and strides");
        if (Count(shape) is var count && (count > storage.Count || !Fits(storage.Count, offset, count, shape, strides)))
            throw new FormatException(
                $"stands a tensor of shape [{string.Join(", ", shape)}] that does not lie within its storage of {storage.Count} numbers");
        return new StoredTensor(storage, offset, shape, strides);
    }

    /// <summary>Reads it: floating-point numbers as float32, whole ones as int64, in C order. The caller disposes it.</summary>
    /// <exception cref="CheckpointException">The file is damaged.</exception>
    public Tensor Read()
    {
        using var scope = NewDisposeScope();
        var data = _storage.Archive.Read(_storage);
        var all = empty([_storage.Count], _storage.Type);
        if (data.Length > 0) data.CopyTo(all.bytes);
        var type = all.is_floating_point() ? ScalarType.Float32 : ScalarType.Int64;
        var view = all.as_strided([.. Shape], _strides, _offset);
        return view.to(type).contiguous().clone().MoveToOuterDisposeScope();
    }

    private static long[] Naturals(PickleTuple tuple)
    {
        if (tuple.Items.Count > MostAxes || tuple.Items.Any(item => item is not long or < 0L))
            throw new FormatException("stands a tensor whose sizes or strides are none");
        return [.. tuple.Items.Cast<long>()];
    }

    /// <summary>Number of elements; the largest number there is where it does not fit.</summary>
    private static long Count(long[] shape) =>
        shape.Contains(0) ? 0 : shape.Aggregate(1L, (count, size) => count > long.MaxValue / size ? long.MaxValue : count * size);

    private static bool Fits(long stored, long offset, long count, long[] shape, long[] strides)
    {
        if (count == 0) return offset <= stored;
        var last = (Int128)offset;
        for (var axis = 0; axis < shape.Length; axis++) last += (Int128)(shape[axis] - 1) * strides[axis];
        return last < stored;
    }
}
