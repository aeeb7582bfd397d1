namespace PUNet.Core.Tests;

/// <summary>A test on real data that is not part of the project: skipped, with the reason, where PUNET_DATA does not have it.</summary>
public sealed class DataFactAttribute : FactAttribute
{
    /// <param name="path">File or folder below PUNET_DATA.</param>
    public DataFactAttribute(string path)
    {
        if (Folder is not { Length: > 0 } folder) Skip = "PUNET_DATA does not name a folder of real data.";
        else if (!Path.Exists(Path.Combine(folder, path))) Skip = $"PUNET_DATA ({folder}) has no {path}.";
    }

    /// <summary>What PUNET_DATA says.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable("PUNET_DATA");
}
