using PUNet.Core.Common;
using PUNet.Core.Imaging.Nifti;

namespace PUNet.Core.Inference.Prediction;

/// <summary>Sums of a scan's intensities under the values of a label map on its grid, read block by block.</summary>
internal sealed class IntensitySums
{
    private readonly double[] _sums = new double[ushort.MaxValue + 1];
    private readonly long[] _finite = new long[ushort.MaxValue + 1];

    private readonly long[] _counts = new long[ushort.MaxValue + 1];

    /// <param name="file">The scan.</param>
    /// <param name="labels">C-order [H, W, D].</param>
    /// <param name="extent">H, W, D.</param>
    public IntensitySums(NiftiFile file, ushort[] labels, Extent extent)
    {
        foreach (var label in labels) _counts[label]++;
        file.Scan((block, first) =>
        {
            for (var i = 0; i < block.Length; i++)
            {
                if (!float.IsFinite(block[i])) continue;
                var (at, plane) = (first + i, (long)extent.H * extent.W);
                var (h, w, d) = (at % extent.H, at / extent.H % extent.W, at / plane);
                var label = labels[(h * extent.W + w) * extent.D + d];
                _sums[label] += block[i];
                _finite[label]++;
            }
        });
    }

    /// <summary>Voxels of a value.</summary>
    public long Voxels(int value) => _counts[value];

    /// <summary>Mean intensity under a value; null where it has no voxel.</summary>
    public double? Mean(int value) => _finite[value] == 0 ? null : _sums[value] / _finite[value];
}
