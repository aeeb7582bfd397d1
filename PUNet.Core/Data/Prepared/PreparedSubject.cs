using PUNet.Core.Common;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Grids;

namespace PUNet.Core.Data.Prepared;

/// <summary>What is known of a prepared subject without reading its volumes: <c>subject.json</c> beside them.</summary>
/// <param name="Id">Name in the dataset.</param>
/// <param name="Extent">Prepared extent, in voxels.</param>
/// <param name="Spacing">Prepared spacing, in mm.</param>
/// <param name="ClassVoxels">Voxels of background and of each class, [1 + classes].</param>
/// <param name="Grid">From source to prepared grid.</param>
/// <param name="Intensities">Of the prepared image.</param>
public sealed record PreparedSubject(
    string Id,
    Extent Extent,
    Spacing Spacing,
    IReadOnlyList<long> ClassVoxels,
    GridTransform Grid,
    IntensityStatistics Intensities);
