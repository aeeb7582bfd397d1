namespace PUNet.Core.Inference.Scoring;

/// <summary>A class of label maps that are scored.</summary>
/// <param name="Value">Its value in both label maps.</param>
/// <param name="Name">Its name.</param>
public sealed record ScoredClass(int Value, string Name);
