namespace PUNet.Core.Data;

/// <summary>A subject that preparation did not take.</summary>
/// <param name="Id">Name in the dataset.</param>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record LeftOutSubject(string Id, string Reason);
