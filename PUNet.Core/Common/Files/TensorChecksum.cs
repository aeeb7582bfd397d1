using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace PUNet.Core.Common.Files;

/// <summary>SHA-256 over named tensors and texts: names, types, shapes and every byte, in the order of names.</summary>
internal static class TensorChecksum
{
    /// <summary>64 hexadecimal digits.</summary>
    /// <param name="tensors">On the CPU, contiguous.</param>
    /// <param name="texts">What stands beside them.</param>
    public static string Of(IEnumerable<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(hash, name);
            Add(hash, $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]");
            if (tensor.numel() > 0) hash.AppendData(tensor.bytes);
        }
        foreach (var (name, text) in texts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(hash, name);
            Add(hash, text);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Length first, so that no two lists of texts are one text.</summary>
    private static void Add(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
