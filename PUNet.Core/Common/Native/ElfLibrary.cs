using System.Buffers.Binary;
using System.Text;

namespace PUNet.Core.Common.Native;

/// <summary>What a shared library of Linux (ELF, 64 bits, little-endian) says of itself, without loading it.</summary>
/// <param name="Name">The name that other libraries ask for it by; null where it has none.</param>
/// <param name="Needed">Names of the libraries that it needs.</param>
/// <param name="Build">Its build's identity in hexadecimal digits; null where the linker wrote none.</param>
internal sealed record ElfLibrary(string? Name, IReadOnlyList<string> Needed, string? Build)
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int LargestPart = 1 << 24;

    private enum Segment { Load = 1, Dynamic = 2, Note = 4 }

    private enum Tag { Needed = 1, Strings = 5, StringsSize = 10, Name = 14 }

    /// <summary>Reads the headers.</summary>
    /// <exception cref="InvalidDataException">It is no such library, or is shorter than its headers say.</exception>
    public static ElfLibrary Read(string path)
    {
        using var file = File.OpenRead(path);
        var header = Part(file, 0, HeaderSize);
        if (!header.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8)) throw new InvalidDataException("it is no 64-bit library of Linux");
        var table = Part(file, Long(header, 32), Short(header, 56) * ProgramHeaderSize);
        var segments = Enumerable.Range(0, Short(header, 56)).Select(i => table.AsSpan(i * ProgramHeaderSize, ProgramHeaderSize).ToArray())
            .Select(entry => (Kind: (Segment)Int(entry, 0), Offset: Long(entry, 8), Address: Long(entry, 16), Size: Long(entry, 32))).ToList();
        if (segments.Any(segment => segment.Kind == Segment.Load && segment.Offset > file.Length - segment.Size))
            throw new InvalidDataException($"it has {file.Length} bytes and needs {segments.Where(segment => segment.Kind == Segment.Load).Max(segment => segment.Offset + segment.Size)}");
        var (name, needed) = Dynamic(file, segments);
        var build = segments.Where(segment => segment.Kind == Segment.Note).Select(segment => BuildOf(Part(file, segment.Offset, segment.Size))).FirstOrDefault(found => found is not null);
        return new ElfLibrary(name, needed, build);
    }

    private static (string? Name, IReadOnlyList<string> Needed) Dynamic(FileStream file, List<(Segment Kind, long Offset, long Address, long Size)> segments)
    {
        var dynamic = segments.Find(segment => segment.Kind == Segment.Dynamic);
        var bytes = Part(file, dynamic.Offset, dynamic.Size);
        var entries = Enumerable.Range(0, bytes.Length / 16).Select(i => (Tag: (Tag)Long(bytes, 16 * i), Value: Long(bytes, 16 * i + 8))).TakeWhile(entry => entry.Tag != 0).ToList();
        long ValueOf(Tag tag) => entries.Find(entry => entry.Tag == tag).Value;
        var address = ValueOf(Tag.Strings);
        var home = segments.Find(segment => segment.Kind == Segment.Load && address >= segment.Address && address < segment.Address + segment.Size);
        var strings = Part(file, address - home.Address + home.Offset, ValueOf(Tag.StringsSize));
        string Text(long at)
        {
            if (at < 0 || at >= strings.Length) throw new InvalidDataException("its names lie outside the file");
            var rest = strings.AsSpan((int)at);
            return Encoding.UTF8.GetString(rest[..Math.Max(rest.IndexOf((byte)0), 0)]);
        }
        var names = entries.Where(entry => entry.Tag == Tag.Name).Select(entry => Text(entry.Value)).ToList();
        return (names.Count > 0 ? names[0] : null, [.. entries.Where(entry => entry.Tag == Tag.Needed).Select(entry => Text(entry.Value))]);
    }

    /// <summary>The identity in a list of notes (name size, size, type, name, content; each padded to 4 bytes): "GNU", type 3.</summary>
    private static string? BuildOf(byte[] notes)
    {
        for (var at = 0; at + 12 <= notes.Length;)
        {
            var (nameSize, size, type) = (Int(notes, at), Int(notes, at + 4), Int(notes, at + 8));
            var content = at + 12L + Padded(nameSize);
            if (nameSize < 0 || size < 0 || content + size > notes.Length) return null;
            if (type == 3 && nameSize == 4 && notes.AsSpan(at + 12, 3).SequenceEqual("GNU"u8)) return Convert.ToHexStringLower(notes, (int)content, size);
            at = (int)Math.Min(content + Padded(size), notes.Length);
        }
        return null;
    }

    private static long Padded(long size) => (size + 3) / 4 * 4;

    private static byte[] Part(FileStream file, long offset, long size)
    {
        if (offset < 0 || size is < 0 or > LargestPart || offset > file.Length - size) throw new InvalidDataException($"it has only {file.Length} bytes");
        var bytes = new byte[size];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static int Short(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static int Int(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

    private static long Long(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
}
