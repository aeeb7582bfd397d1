using PUNet.Core.Imaging;

namespace PUNet.Core.Data.Preparation;

/// <summary>Intensities of a prepared image, in the source's unit (HU in CT).</summary>
/// <param name="Minimum">Smallest.</param>
/// <param name="Maximum">Largest.</param>
/// <param name="Mean">Mean.</param>
/// <param name="StandardDeviation">Population standard deviation.</param>
/// <param name="Percentile1">First percentile.</param>
/// <param name="Percentile99">Ninety-ninth percentile.</param>
/// <param name="NotFinite">Source voxels that were not finite and took the image's finite minimum.</param>
public sealed record IntensityStatistics(
    double Minimum, double Maximum, double Mean, double StandardDeviation, double Percentile1, double Percentile99, long NotFinite)
{
    /// <summary>Of finite intensities.</summary>
    public static IntensityStatistics Of(float[] image, long notFinite)
    {
        var mean = image.Average(x => (double)x);
        var variance = image.Average(x => (x - mean) * (x - mean));
        var (low, high) = IntensityWindow.Percentiles(image, 1, 99);
        return new IntensityStatistics(image.Min(), image.Max(), mean, Math.Sqrt(variance), low, high, notFinite);
    }
}
