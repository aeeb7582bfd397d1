using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data.Checks;

/// <summary>What a check measured in one subject.</summary>
/// <param name="Files">Its files.</param>
/// <param name="Extent">Of the image, in voxels.</param>
/// <param name="Geometry">Of the image.</param>
/// <param name="Intensities">Of the image, in its own unit.</param>
/// <param name="Labels">Voxels of each label value but 0, by value.</param>
/// <param name="ImageHash">Of the decoded image, so that compression and header do not matter.</param>
/// <param name="LabelHash">Of the decoded labels.</param>
public sealed record CheckedSubject(
    SubjectFiles Files, Extent Extent, Geometry Geometry, IntensitySummary Intensities,
    IReadOnlyDictionary<int, long> Labels, string ImageHash, string LabelHash)
{
    /// <summary>Volume of a label, in ml; 0 where the subject does not have it.</summary>
    public double Millilitres(int label) => Labels.GetValueOrDefault(label) * Math.Abs(Geometry.Determinant) / 1000;
}
