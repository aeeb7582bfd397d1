namespace PUNet.Core.Inference.Prediction;

/// <summary>A scan that was segmented.</summary>
/// <param name="Scan">Its name, which its files begin with.</param>
/// <param name="LabelMap">The file with all classes.</param>
/// <param name="Volumes">One for each class, in the order of the classes.</param>
public sealed record PredictedScan(string Scan, string LabelMap, IReadOnlyList<ClassVolume> Volumes);
