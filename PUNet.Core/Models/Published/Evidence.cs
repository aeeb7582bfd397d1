namespace PUNet.Core.Models.Published;

/// <summary>A setting, and what tells it.</summary>
/// <param name="Value">The setting.</param>
/// <param name="Source">For example "the hyper-parameter attention_heads is 8".</param>
internal sealed record Evidence<T>(T Value, string Source);
