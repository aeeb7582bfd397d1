using System.IO.Compression;
using System.IO.MemoryMappedFiles;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;

namespace PUNet.Core.Imaging.Nifti;

/// <summary>A file's bytes: memory-mapped where it is plain, inflated as they are read where it is gzip (told by content, not name).</summary>
internal sealed class NiftiSource : IDisposable
{
    /// <summary>What deflate can make of one byte at most (RFC 1951: 258 bytes from two bits).</summary>
    private const long LargestInflation = 1032;

    private readonly string _path;
    private readonly long _length;
    private readonly bool _compressed;
    private readonly MemoryMappedFile? _map;
    private readonly Stream _stream;
    private long _position;

    private NiftiSource(string path, FileStream file)
    {
        _path = path;
        _length = file.Length;
        Span<byte> magic = stackalloc byte[2];
        _compressed = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        file.Position = 0;
        if (_compressed) _stream = new GZipStream(file, CompressionMode.Decompress);
        else if (_length == 0) _stream = file;
        else
        {
            _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            _stream = _map.CreateViewStream(0, _length, MemoryMappedFileAccess.Read);
        }
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ImageFileException">It does not exist, may not be read, or is a pipe or device, which is not waited for.</exception>
    public static NiftiSource Open(string path)
    {
        if (FileStatus.Of(path).Kind == FileKind.Special)
            throw new ImageFileException(path, "is a pipe, socket or device, not a file. Put a file in its place.");
        try
        {
            return new NiftiSource(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageFileException(path, "does not exist. Check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageFileException(path, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Refuses a claimed size that the file cannot hold, before anything of that size is allocated.</summary>
    public void MustHold(Int128 bytes)
    {
        var most = _compressed ? (Int128)_length * LargestInflation : _length;
        if (bytes > most)
            throw new ImageFileException(
                _path,
                $"is truncated or its header is damaged: it should hold {bytes:N0} bytes, but {(_compressed ? "at most " : "")}{most:N0} are there. "
                + "Copy or convert it again.");
    }

    /// <summary>Reads until the buffer is full or the file ends; returns the bytes read.</summary>
    public int Read(Span<byte> buffer)
    {
        try
        {
            var read = _stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            _position += read;
            return read;
        }
        catch (InvalidDataException e)
        {
            throw new ImageFileException(_path, "is damaged: its compressed data do not decode. Copy it again.", e);
        }
        catch (IOException e)
        {
            throw new ImageFileException(_path, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="ImageFileException">The file ends before.</exception>
    public void ReadAll(Span<byte> buffer)
    {
        if (Read(buffer) < buffer.Length)
            throw new ImageFileException(_path, $"is truncated: it ends after {_position:N0} bytes of content. Copy it again.");
    }

    /// <summary>Goes forward to a position.</summary>
    public void SkipTo(long position)
    {
        if (position < _position) throw new ImageFileException(_path, $"says that its data begin at byte {position}, inside its header.");
        MustHold(position);
        var scratch = new byte[(int)Math.Min(1 << 16, Math.Max(position - _position, 0))];
        while (_position < position) ReadAll(scratch.AsSpan(0, (int)Math.Min(scratch.Length, position - _position)));
    }

    /// <summary>Reads what little may follow the data, so that a compressed file's checksum is verified.</summary>
    public void VerifyEnd()
    {
        if (!_compressed) return;
        var scratch = new byte[1 << 16];
        for (var i = 0; i < 16 && Read(scratch) == scratch.Length; i++) { }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _map?.Dispose();
    }
}
