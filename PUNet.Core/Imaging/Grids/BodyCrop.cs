using PUNet.Core.Common.Settings;

namespace PUNet.Core.Imaging.Grids;

/// <summary>Crops a volume to the bounding box of the body: the largest connected component above a threshold.</summary>
/// <param name="Threshold">Lowest intensity that counts as body, in the image's unit (HU in CT).</param>
/// <param name="MarginMm">Kept around the box on every side, in mm, as far as the volume reaches.</param>
public sealed record BodyCrop(double Threshold = -300, double MarginMm = 10) : INumbers
{
    IEnumerable<double> INumbers.Numbers => [MarginMm];
}
