namespace PUNet.Core.Inference.Results;

/// <summary>One evaluation that a table is made of.</summary>
/// <param name="Name">Names it among the rows, for example scores.0.</param>
/// <param name="Variant">What was done, for example promptTune.</param>
/// <param name="Folder">Its artifact.</param>
/// <param name="Repetition">Number that rows share which differ in their seed only; null for a single one.</param>
public sealed record ResultRow(string Name, string Variant, string Folder, int? Repetition = null);
