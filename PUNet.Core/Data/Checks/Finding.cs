namespace PUNet.Core.Data.Checks;

/// <summary>Something about a dataset that its user should know.</summary>
/// <param name="File">The file or folder it is about.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Rule">What was checked, in one or two words: shape, affine, labels, duplicate …</param>
/// <param name="Problem">What was found, as a sentence.</param>
/// <param name="Remedy">What to do about it, as a sentence.</param>
public sealed record Finding(string File, Severity Severity, string Rule, string Problem, string Remedy);
