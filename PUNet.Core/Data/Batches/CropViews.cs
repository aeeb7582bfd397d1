namespace PUNet.Core.Data.Batches;

/// <summary>All views of one crop (method.md, section 4).</summary>
/// <param name="Teacher">Of the teacher's extent.</param>
/// <param name="Students">One per student extent, in order.</param>
public sealed record CropViews(View Teacher, IReadOnlyList<View> Students);
