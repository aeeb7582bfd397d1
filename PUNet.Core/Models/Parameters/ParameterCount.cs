namespace PUNet.Core.Models.Parameters;

/// <summary>Parameters of one part of a network.</summary>
/// <param name="Component">For example encoder, or prompt tokens.</param>
/// <param name="Class">Label of the class they belong to; null where all classes share them.</param>
/// <param name="Frozen">How many keep their values.</param>
/// <param name="Trained">How many are trained.</param>
public sealed record ParameterCount(string Component, int? Class, long Frozen, long Trained);
