using PUNet.Core.Data.Preparation;

namespace PUNet.Core.Data.Prepared;

/// <summary>A subject that preparation did not take.</summary>
/// <param name="Id">Name in the dataset.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Key">What that depends on; see <see cref="SubjectKey"/>.</param>
public sealed record LeftOutSubject(string Id, string Reason, string Key);
