using System.Text.Json.Serialization;

namespace PUNet.Core.Data.Prepared;

/// <summary>A file that a prepared subject was made from.</summary>
/// <param name="Name">File name, without folder.</param>
/// <param name="Sha256">Of the file's bytes, in lower-case hexadecimal.</param>
public sealed record SourceFile(string Name, string Sha256)
{
    /// <summary>The file of the data where the first is a header alone (.hdr with .img); else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SourceFile? Data { get; init; }
}
