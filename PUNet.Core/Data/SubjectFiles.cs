using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>One annotated subject of a dataset on disk.</summary>
/// <param name="Id">Unique in the dataset; letters, digits, '-', '_' and '.', since files are named after it.</param>
/// <param name="ImagePath">NIfTI image.</param>
/// <param name="LabelPath">NIfTI label map on the image's grid.</param>
/// <param name="Part">The part the dataset itself assigns; null where it assigns none.</param>
/// <param name="Patient">The person, where one person has several scans; null means the subject is the person.</param>
/// <param name="Domain">Where it comes from, in a dataset of several sources; splits are drawn per domain.</param>
public sealed record SubjectFiles(string Id, string ImagePath, string LabelPath, Part? Part = null, string? Patient = null, string? Domain = null);
