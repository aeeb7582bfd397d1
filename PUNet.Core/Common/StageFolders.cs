namespace PUNet.Core.Common;

/// <summary>Where a stage writes.</summary>
/// <param name="Output">Empty folder that becomes the artifact once the stage is done.</param>
/// <param name="Work">Folder that survives an interruption; holds what the stage goes on from.</param>
public sealed record StageFolders(string Output, string Work);
