using PUNet.Core.Common;
using PUNet.Core.Imaging.Grids;

namespace PUNet.Core.Data;

/// <summary>One annotated subject of a dataset on disk.</summary>
/// <param name="Id">Unique in the dataset; letters, digits, '-', '_' and '.', since files are named after it.</param>
/// <param name="ImagePath">NIfTI image.</param>
/// <param name="LabelPath">NIfTI label map on the image's grid.</param>
/// <param name="Part">The part the dataset itself assigns; null where it assigns none.</param>
/// <param name="Patient">The person, where one person has several scans; null means the subject is the person.</param>
/// <param name="Domain">Where it comes from, in a dataset of several sources; splits are drawn per domain.</param>
public sealed record SubjectFiles(string Id, string ImagePath, string LabelPath, Part? Part = null, string? Patient = null, string? Domain = null)
{
    /// <summary>Crop the source to this box first; null keeps it whole.</summary>
    public VoxelBox? Crop { get; init; }

    /// <summary>
    /// True where the label map's third axis runs against the image's though both claim the same grid: it is turned round, and its
    /// own affine is not consulted.
    /// </summary>
    public bool LabelsUpsideDown { get; init; }
}
