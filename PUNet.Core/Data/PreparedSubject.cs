using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data;

/// <summary>What is known of a prepared subject without reading its volumes.</summary>
/// <param name="Id">Name in the dataset.</param>
/// <param name="Part">The part the dataset itself assigns; null where it assigns none.</param>
/// <param name="Patient">The person; the subject's id where the dataset names none.</param>
/// <param name="Domain">Where it comes from, in a dataset of several sources; else null.</param>
/// <param name="Extent">Prepared extent, in voxels.</param>
/// <param name="Spacing">Prepared spacing, in mm.</param>
/// <param name="ClassVoxels">Voxels of background and of each class, [1 + classes].</param>
/// <param name="Grid">From source to prepared grid.</param>
/// <param name="Intensities">Of the prepared image.</param>
/// <param name="Image">Source of the image.</param>
/// <param name="Labels">Source of the labels.</param>
public sealed record PreparedSubject(
    string Id,
    Part? Part,
    string Patient,
    string? Domain,
    Extent Extent,
    Spacing Spacing,
    IReadOnlyList<long> ClassVoxels,
    GridTransform Grid,
    IntensityStatistics Intensities,
    SourceFile Image,
    SourceFile Labels);
