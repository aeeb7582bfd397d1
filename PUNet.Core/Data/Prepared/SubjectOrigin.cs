using System.Text.Json.Serialization;
using PUNet.Core.Common;
using PUNet.Core.Data.Preparation;

namespace PUNet.Core.Data.Prepared;

/// <summary>Where a prepared subject comes from, and what a split is made by.</summary>
/// <param name="Id">Name in the dataset.</param>
/// <param name="Part">The part the dataset itself assigns; null where it assigns none.</param>
/// <param name="Patient">The person; the subject's id where the dataset names none.</param>
/// <param name="Domain">Where it comes from, in a dataset of several sources; else null.</param>
/// <param name="Image">Source of the image.</param>
/// <param name="Labels">Source of the labels.</param>
/// <param name="Key">What its preparation depends on; see <see cref="SubjectKey"/>.</param>
public sealed record SubjectOrigin(string Id, Part? Part, string Patient, string? Domain, SourceFile Image, SourceFile Labels, string Key)
{
    /// <summary>How sform and qform of the image disagree; null where they agree.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Disagreement { get; init; }

    /// <summary>Whether the labels were brought into the order and direction of the image's axes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsTurned { get; init; }
}
