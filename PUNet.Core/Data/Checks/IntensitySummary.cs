namespace PUNet.Core.Data.Checks;

/// <summary>Intensities of an image, in its own unit (HU in CT).</summary>
/// <param name="Minimum">Smallest finite value.</param>
/// <param name="Low">Percentile 0.5.</param>
/// <param name="Median">Percentile 50.</param>
/// <param name="High">Percentile 99.5.</param>
/// <param name="Maximum">Largest finite value.</param>
/// <param name="NotFinite">Voxels that are NaN or infinite.</param>
public sealed record IntensitySummary(double Minimum, double Low, double Median, double High, double Maximum, long NotFinite);
