using static TorchSharp.torch;

namespace PUNet.Core.Common.Pickle;

/// <summary>A run of numbers of one type in a file of tensors; several tensors may be views of it.</summary>
/// <param name="Archive">The file.</param>
/// <param name="Key">Name of its entry, without the folder.</param>
/// <param name="Type">Type of a number.</param>
/// <param name="Count">How many there are.</param>
internal sealed record TorchStorage(TorchArchive Archive, string Key, ScalarType Type, long Count)
{
    /// <summary>PyTorch's classes of storages.</summary>
    public static IReadOnlyDictionary<string, ScalarType> Types { get; } = new Dictionary<string, ScalarType>(StringComparer.Ordinal)
    {
        ["FloatStorage"] = ScalarType.Float32,
        ["HalfStorage"] = ScalarType.Float16,
        ["BFloat16Storage"] = ScalarType.BFloat16,
        ["DoubleStorage"] = ScalarType.Float64,
        ["LongStorage"] = ScalarType.Int64,
        ["IntStorage"] = ScalarType.Int32,
        ["ShortStorage"] = ScalarType.Int16,
        ["CharStorage"] = ScalarType.Int8,
        ["ByteStorage"] = ScalarType.Byte,
        ["BoolStorage"] = ScalarType.Bool,
    };

    /// <summary>Bytes of a number.</summary>
    public static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        _ => 1,
    };
}
