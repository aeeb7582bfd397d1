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
    private const int EntrySize = 56;
    private const int TagSize = 16;
    private const int LargestPart = 1 << 24;

    private enum Kind { Load = 1, Dynamic = 2, Note = 4 }

    private enum Tag { Needed = 1, Strings = 5, StringsSize = 10, Name = 14 }

    /// <summary>Reads the headers.</summary>
    /// <exception cref="InvalidDataException">It is no such library, or is shorter than its headers say.</exception>
    public static ElfLibrary Read(string path)
    {
        using var file = File.OpenRead(path);
        var header = Part(file, 0, HeaderSize);
        if (!header.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8)) throw new InvalidDataException("it is no 64-bit library of Linux");
        var count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56));
        var table = Part(file, Long(header, 32), count * EntrySize);
        var segments = Enumerable.Range(0, count).Select(i => Segment.Of(table.AsSpan(i * EntrySize, EntrySize))).ToList();
        var end = segments.Where(segment => segment.Kind == Kind.Load).Select(segment => segment.Offset + segment.Size).DefaultIfEmpty().Max();
        if (end > file.Length) throw new InvalidDataException($"it has {file.Length} bytes and needs {end}");
        var (name, needed) = Dynamic(file, segments);
        var notes = segments.Where(segment => segment.Kind == Kind.Note).Select(segment => Part(file, segment.Offset, segment.Size));
        return new ElfLibrary(name, needed, notes.Select(BuildOf).FirstOrDefault(found => found is not null));
    }

    private static (string? Name, IReadOnlyList<string> Needed) Dynamic(FileStream file, List<Segment> segments)
    {
        var dynamic = segments.Find(segment => segment.Kind == Kind.Dynamic);
        var bytes = Part(file, dynamic.Offset, dynamic.Size);
        var entries = Enumerable.Range(0, bytes.Length / TagSize)
            .Select(i => (Tag: (Tag)Long(bytes, TagSize * i), Value: Long(bytes, TagSize * i + 8))).TakeWhile(entry => entry.Tag != 0).ToList();
        var address = entries.Find(entry => entry.Tag == Tag.Strings).Value;
        var home = segments.Find(segment => segment.Kind == Kind.Load && address >= segment.Address && address < segment.Address + segment.Size);
        var strings = Part(file, address - home.Address + home.Offset, entries.Find(entry => entry.Tag == Tag.StringsSize).Value);
        var names = entries.Where(entry => entry.Tag == Tag.Name).Select(entry => Text(strings, entry.Value));
        return (names.FirstOrDefault(), [.. entries.Where(entry => entry.Tag == Tag.Needed).Select(entry => Text(strings, entry.Value))]);
    }

    private static string Text(byte[] strings, long at)
    {
        if (at < 0 || at >= strings.Length) throw new InvalidDataException("its names lie outside the file");
        var rest = strings.AsSpan((int)at);
        return Encoding.UTF8.GetString(rest[..Math.Max(rest.IndexOf((byte)0), 0)]);
    }

    /// <summary>The identity in a list of notes (name size, size, type, name, content; each padded to 4 bytes): "GNU", type 3.</summary>
    private static string? BuildOf(byte[] notes)
    {
        for (var at = 0; at + 12 <= notes.Length;)
        {
            var (nameSize, size, type) = (Int(notes, at), Int(notes, at + 4), Int(notes, at + 8));
            var content = at + 12L + Padded(nameSize);
            if (nameSize < 0 || size < 0 || content + size > notes.Length) return null;
            if (type == 3 && nameSize == 4 && notes.AsSpan(at + 12, 3).SequenceEqual("GNU"u8))
                return Convert.ToHexStringLower(notes, (int)content, size);
            at = (int)Math.Min(content + Padded(size), notes.Length);
        }
        return null;
    }

    private static long Padded(long size) => (size + 3) / 4 * 4;

    private static byte[] Part(FileStream file, long offset, long size)
    {
        if (offset < 0 || size is < 0 or > LargestPart || offset > file.Length - size)
            throw new InvalidDataException($"it has only {file.Length} bytes");
        var bytes = new byte[size];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static long Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    /// <summary>A part of the file, and the address that it gets.</summary>
    private readonly record struct Segment(Kind Kind, long Offset, long Address, long Size)
    {
        public static Segment Of(ReadOnlySpan<byte> entry) => new((Kind)Int(entry, 0), Long(entry, 8), Long(entry, 16), Long(entry, 32));
    }
}
