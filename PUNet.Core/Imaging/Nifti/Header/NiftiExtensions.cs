using System.Buffers.Binary;

namespace PUNet.Core.Imaging.Nifti.Header;

/// <summary>Reads the blocks that may follow a NIfTI header.</summary>
internal static class NiftiExtensions
{
    /// <summary>All extensions up to the data (single file) or the end (header of a pair); what is not well-formed ends the list.</summary>
    public static IReadOnlyList<NiftiExtension> Read(NiftiSource source, NiftiHeader header)
    {
        var found = new List<NiftiExtension>();
        Span<byte> start = stackalloc byte[8];
        if (source.Read(start[..4]) < 4 || start[0] == 0) return found;
        var position = header.Size + 4L;
        while (header.IsPair || position + 8 <= header.DataOffset)
        {
            if (source.Read(start) < 8) break;
            var (size, code) = (Int(start), Int(start[4..]));
            if (size < 8 || (!header.IsPair && position + size > header.DataOffset)) break;
            source.MustHold(position + size);
            var data = new byte[size - 8];
            if (source.Read(data) < data.Length) break;
            found.Add(new NiftiExtension(code, data));
            position += size;
        }
        return found;

        int Int(ReadOnlySpan<byte> bytes)
        {
            var value = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            return header.SwapsBytes == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
        }
    }
}
