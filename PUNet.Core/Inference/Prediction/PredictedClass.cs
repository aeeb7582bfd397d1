namespace PUNet.Core.Inference.Prediction;

/// <summary>A class that a model segments.</summary>
/// <param name="Label">Its label in the prepared dataset of its model, and its slot in the prompt pools.</param>
/// <param name="Value">Its value in the label maps that are written: that of the dataset's own files.</param>
/// <param name="Name">Its name.</param>
public sealed record PredictedClass(int Label, int Value, string Name);
