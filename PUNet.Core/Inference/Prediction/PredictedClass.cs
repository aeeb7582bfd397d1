namespace PUNet.Core.Inference.Prediction;

/// <summary>A class that a model segments.</summary>
/// <param name="Value">Its value in the label maps that are written: that of the files that it was learned from, where that is still free.</param>
/// <param name="Name">Its name.</param>
public sealed record PredictedClass(int Value, string Name);
