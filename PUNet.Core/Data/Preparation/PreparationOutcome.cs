namespace PUNet.Core.Data;

/// <summary>What became of a subject; exactly one of the first two is null.</summary>
/// <param name="Prepared">Its description, if it was prepared.</param>
/// <param name="LeftOut">Why not, otherwise.</param>
/// <param name="ImageHash">SHA-256 of the prepared image file; empty if there is none.</param>
/// <param name="LabelHash">SHA-256 of the prepared label file; empty if there is none.</param>
internal sealed record PreparationOutcome(PreparedSubject? Prepared, LeftOutSubject? LeftOut, string ImageHash = "", string LabelHash = "");
