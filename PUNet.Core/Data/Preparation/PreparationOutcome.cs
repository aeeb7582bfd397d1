using System.Text.Json.Serialization;

namespace PUNet.Core.Data;

/// <summary>What became of a subject; exactly one of the first two is null.</summary>
/// <param name="Prepared">Its description, if it was prepared.</param>
/// <param name="LeftOut">Why not, otherwise.</param>
/// <param name="Sources">What it was made from: image and label map.</param>
/// <param name="ImageHash">SHA-256 of the prepared image file; empty if there is none.</param>
/// <param name="LabelHash">SHA-256 of the prepared label file; empty if there is none.</param>
internal sealed record PreparationOutcome(
    PreparedSubject? Prepared, LeftOutSubject? LeftOut, IReadOnlyList<SourceFile> Sources, string ImageHash = "", string LabelHash = "")
{
    /// <summary>How sform and qform of the image disagree; null where they agree.</summary>
    public string? Disagreement { get; init; }

    /// <summary>Whether the labels were brought into the order and direction of the image's axes.</summary>
    public bool IsTurned { get; init; }

    /// <summary>The subject's id.</summary>
    [JsonIgnore]
    public string Id => Prepared?.Id ?? LeftOut!.Id;
}
