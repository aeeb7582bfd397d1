namespace PUNet.Core.Inference.Prediction;

/// <summary>What a scan has of a class, measured on the scan's own grid.</summary>
/// <param name="Class">The class.</param>
/// <param name="Voxels">Voxels of its mask.</param>
/// <param name="Millilitres">Their volume.</param>
/// <param name="MeanIntensity">Mean over them in the scan's unit (HU in CT); null where there is none.</param>
public sealed record ClassVolume(PredictedClass Class, long Voxels, double Millilitres, double? MeanIntensity);
