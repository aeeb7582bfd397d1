namespace PUNet.Core.Data;

/// <summary>A file that a prepared subject was made from.</summary>
/// <param name="Name">File name, without folder.</param>
/// <param name="Sha256">Of the file's bytes, in lower-case hexadecimal.</param>
public sealed record SourceFile(string Name, string Sha256);
