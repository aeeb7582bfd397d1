using System.IO.Compression;
using System.Text;

namespace PUNet.Core.Common.Pickle;

/// <summary>
/// A file of PyTorch (1.6 and later): a zip archive with one folder that holds <c>data.pkl</c>, which describes the content,
/// and <c>data/K</c>, the raw numbers of its storages. Nothing in it is ever run.
/// </summary>
internal sealed class TorchArchive : IDisposable
{
    private const string Description = "data.pkl";
    private const int RepeatedReads = 16;

    private static readonly byte[] _zip = "PK\u0003\u0004"u8.ToArray();

    private readonly string _path;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly long _fileLength;
    private long _read;

    private TorchArchive(string path, Stream stream)
    {
        _path = path;
        _fileLength = stream.Length;
        _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: false, Encoding.UTF8);
        foreach (var entry in _archive.Entries) _entries[entry.FullName] = entry;
        _folder = _entries.Keys.Where(name => name.EndsWith("/" + Description, StringComparison.Ordinal)).Select(name => name[..^Description.Length])
            .FirstOrDefault()
            ?? throw Fault($"it is a zip archive without {Description}, so not of PyTorch");
        if (_entries.TryGetValue(_folder + "byteorder", out var order) && Encoding.UTF8.GetString(Bytes(order)).Trim() is var written
            && written != "little")
            throw Fault($"its numbers are in {written}-endian order; save it again on a little-endian machine");
        Content = PickleMachine.Read(Bytes(_entries[_folder + Description]), $"{path} ({Description})", identifier => Storage(identifier));
    }

    /// <summary>What was saved: plain values as <see cref="PickleMachine"/> gives them, with tensors as <see cref="StoredTensor"/>.</summary>
    public object? Content { get; }

    /// <summary>Whether a file begins like such an archive.</summary>
    public static bool IsOne(ReadOnlySpan<byte> start) => start.StartsWith(_zip);

    /// <summary>Opens a file and reads its description; tensors are read when they are asked for.</summary>
    /// <exception cref="CheckpointException">The file is none of PyTorch, is damaged, or asks for something else than data.</exception>
    public static TorchArchive Open(string path)
    {
        var stream = File.OpenRead(path);
        try
        {
            return new TorchArchive(path, stream);
        }
        catch (Exception e)
        {
            stream.Dispose();
            if (IsDamage(e)) throw Damaged(path, e);
            throw;
        }
    }

    /// <summary>All bytes of a storage.</summary>
    /// <exception cref="CheckpointException">The file is damaged.</exception>
    public byte[] Read(TorchStorage storage)
    {
        try
        {
            return Bytes(_entries[Entry(storage.Key)]);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(_path, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private string Entry(string key) => $"{_folder}data/{key}";

    /// <summary>The storage of an identifier: ('storage', class, key, device, number of elements).</summary>
    private TorchStorage Storage(PickleTuple identifier)
    {
        if (identifier.Items is not ["storage", PickleName { Module: "torch" } type, string key, string, long count] || count < 0
            || !TorchStorage.Types.TryGetValue(type.Name, out var number))
            throw new FormatException("stands an identifier of something else than a storage");
        if (!_entries.TryGetValue(Entry(key), out var entry)) throw new FormatException("stands a storage that is not in the file");
        if (count > Array.MaxLength / TorchStorage.SizeOf(number) || entry.Length != count * TorchStorage.SizeOf(number))
            throw new FormatException($"stands a storage of {count} numbers, for which the file has {entry.Length} bytes");
        return new TorchStorage(this, key, number, count);
    }

    private byte[] Bytes(ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length) throw Fault("it is compressed, which PyTorch's files are not");
        _read += entry.Length;
        if (entry.Length > _fileLength || _read > RepeatedReads * _fileLength) throw Fault("its parts are larger than the file");
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static bool IsDamage(Exception e) =>
        e is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException;

    private CheckpointException Fault(string why) => new($"{_path} cannot be read: {why}.");

    private static CheckpointException Damaged(string path, Exception cause) =>
        new($"{path} is damaged: {cause.Message} Copy it again.", cause);
}
