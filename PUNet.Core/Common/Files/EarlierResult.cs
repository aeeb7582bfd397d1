namespace PUNet.Core.Common.Files;

/// <summary>
/// A result that the same code made before, from other inputs or with other settings. It may serve as a source of bytes, never as one
/// of meaning: what is taken must be what would be computed anew, and its files may have been damaged since.
/// </summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Hashes">SHA-256 of each file as it was published, by its path with forward slashes; lower-case hexadecimal.</param>
public sealed record EarlierResult(string Folder, IReadOnlyDictionary<string, string> Hashes);
