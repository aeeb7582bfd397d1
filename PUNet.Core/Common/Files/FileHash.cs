using System.Security.Cryptography;

namespace PUNet.Core.Common.Files;

/// <summary>Hashes of files by content: SHA-256, 64 lower-case hexadecimal digits.</summary>
public static class FileHash
{
    private const int Block = 1 << 20;

    /// <summary>Hash of a file's bytes.</summary>
    /// <exception cref="IOException">It is not there, cannot be read, or is a pipe, socket or device, which is not waited for.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string Of(string path)
    {
        if (FileStatus.Of(path).Kind == FileKind.Special)
            throw new IOException($"{path}: It is a pipe, socket or device, not a file. Put a file in its place.");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Block, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
