using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Common.Files;

/// <summary>
/// Files of named tensors in the safetensors format: an 8-byte little-endian header length, a JSON header
/// <c>{name: {dtype, shape, data_offsets}}</c>, then the raw little-endian data.
/// </summary>
public static class Safetensors
{
    private const int LargestHeader = 100 << 20;
    private const int MostAxes = 32;

    /// <summary>All tensors of a file, on the CPU.</summary>
    /// <exception cref="CheckpointException">The file is no safetensors file or is damaged.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path) => Open(path).Tensors;

    /// <summary>All tensors and the texts of the header's <c>__metadata__</c>.</summary>
    public static (IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Open(string path)
    {
        var bytes = File.ReadAllBytes(path);
        try
        {
            var headerLength = ReadHeaderLength(path, bytes);
            using var header = JsonDocument.Parse(bytes.AsMemory(8, headerLength));
            var tensors = new Dictionary<string, Tensor>();
            var metadata = new Dictionary<string, string>();
            foreach (var entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name == "__metadata__")
                    foreach (var text in entry.Value.EnumerateObject()) metadata[text.Name] = text.Value.GetString() ?? "";
                else
                    tensors[entry.Name] = ReadTensor(path, entry, bytes.AsSpan(8 + headerLength));
            }
            return (tensors, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Damaged(path, "its header cannot be read", e);
        }
    }

    /// <summary>The texts of the header's <c>__metadata__</c>.</summary>
    /// <exception cref="CheckpointException">The file is no safetensors file or is damaged.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        using var scope = NewDisposeScope();
        return Open(path).Metadata;
    }

    /// <summary>Writes tensors sorted by name: the same tensors give the same bytes. Atomic.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var scope = NewDisposeScope();
        var sorted = tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => (pair.Key, Value: pair.Value.detach().cpu().contiguous())).ToList();
        var header = Header(sorted, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, tensor) in sorted)
                if (tensor.numel() > 0) stream.Write(tensor.bytes);
        });
    }

    private static int ReadHeaderLength(string path, byte[] bytes)
    {
        if (bytes.Length < 8) throw Damaged(path, $"it has only {bytes.Length} bytes");
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (length is < 2 or > LargestHeader || length > bytes.Length - 8) throw Damaged(path, $"its header claims {length} bytes");
        return (int)length;
    }

    private static Tensor ReadTensor(string path, JsonProperty entry, ReadOnlySpan<byte> data)
    {
        var type = TypeOf(entry.Value.GetProperty("dtype").GetString() ?? "")
            ?? throw Damaged(path, $"tensor '{entry.Name}' has the unknown type {entry.Value.GetProperty("dtype")}");
        var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()).ToArray();
        var offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(n => n.GetInt64()).ToArray();
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > data.Length || shape.Length > MostAxes
            || shape.Any(n => n < 0))
            throw Damaged(path, $"tensor '{entry.Name}' lies outside the file");
        var size = SizeOf(shape, type);
        if (size != offsets[1] - offsets[0]) // before anything of that size is made
            throw Damaged(path, $"tensor '{entry.Name}' needs {size} bytes and has {offsets[1] - offsets[0]}");
        var tensor = empty(shape, type);
        if (size > 0) data.Slice((int)offsets[0], (int)size).CopyTo(tensor.bytes);
        return tensor;
    }

    private static Int128 SizeOf(long[] shape, ScalarType type)
    {
        if (shape.Contains(0)) return 0;
        using var one = empty([], type);
        Int128 size = one.element_size();
        foreach (var n in shape) size = size > long.MaxValue ? size : size * n;
        return size;
    }

    private static byte[] Header(List<(string Key, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, text) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, text);
                json.WriteEndObject();
            }
            var offset = 0L;
            foreach (var (name, tensor) in tensors)
            {
                var end = offset + tensor.numel() * tensor.element_size();
                json.WriteStartObject(name);
                json.WriteString("dtype", NameOf(tensor.dtype));
                json.WriteStartArray("shape");
                foreach (var n in tensor.shape) json.WriteNumberValue(n);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                offset = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' '); // the data starts aligned
        return buffer.ToArray();
    }

    private static ScalarType? TypeOf(string name) => name switch
    {
        "F64" => ScalarType.Float64,
        "F32" => ScalarType.Float32,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "I64" => ScalarType.Int64,
        "I32" => ScalarType.Int32,
        "I16" => ScalarType.Int16,
        "I8" => ScalarType.Int8,
        "U8" => ScalarType.Byte,
        "BOOL" => ScalarType.Bool,
        _ => null,
    };

    private static string NameOf(ScalarType type) => type switch
    {
        ScalarType.Float64 => "F64",
        ScalarType.Float32 => "F32",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Int64 => "I64",
        ScalarType.Int32 => "I32",
        ScalarType.Int16 => "I16",
        ScalarType.Int8 => "I8",
        ScalarType.Byte => "U8",
        ScalarType.Bool => "BOOL",
        _ => throw new ArgumentException($"Tensors of type {type} have no safetensors type."),
    };

    private static CheckpointException Damaged(string path, string why, Exception? inner = null) =>
        new($"{path} is not a sound safetensors file: {why}. Make or copy it again.", inner);
}
