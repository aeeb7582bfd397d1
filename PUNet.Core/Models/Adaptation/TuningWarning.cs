namespace PUNet.Core.Models.Adaptation;

/// <summary>Something that makes the figures of a tuned class doubtful; told when it is found, and carried on to tables.</summary>
/// <param name="Label">The class.</param>
/// <param name="Text">What was found and what may help, in whole sentences.</param>
public sealed record TuningWarning(int Label, string Text);
