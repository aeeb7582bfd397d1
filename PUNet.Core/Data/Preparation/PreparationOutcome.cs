using PUNet.Core.Data.Prepared;

namespace PUNet.Core.Data.Preparation;

/// <summary>What became of a subject; exactly one of <paramref name="Prepared"/> and <paramref name="LeftOut"/> is null.</summary>
/// <param name="Key">What that depends on; see <see cref="SubjectKey"/>.</param>
/// <param name="Prepared">Its description, if it was prepared.</param>
/// <param name="LeftOut">Why not, otherwise, as a sentence.</param>
/// <param name="ImageHash">SHA-256 of the prepared image file; empty if there is none.</param>
/// <param name="LabelHash">SHA-256 of the prepared label file; empty if there is none.</param>
internal sealed record PreparationOutcome(string Key, PreparedSubject? Prepared, string? LeftOut, string ImageHash = "", string LabelHash = "")
{
    /// <inheritdoc cref="SubjectOrigin.Disagreement"/>
    public string? Disagreement { get; init; }

    /// <inheritdoc cref="SubjectOrigin.IsTurned"/>
    public bool IsTurned { get; init; }
}
