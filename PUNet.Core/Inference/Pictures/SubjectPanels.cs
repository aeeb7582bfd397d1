using PUNet.Core.Common.Files;

namespace PUNet.Core.Inference.Pictures;

/// <summary>What an evaluation drew of the best, the median and the worst subject of every class: <c>panels.json</c>.</summary>
public sealed record SubjectPanels
{
    /// <summary>Its name in the evaluation's folder.</summary>
    public const string FileName = "panels.json";

    /// <summary>By class in the order of the labels, then by rank.</summary>
    public required IReadOnlyList<SubjectPanel> Panels { get; init; }

    /// <summary>Writes <c>panels.json</c>.</summary>
    public void Write(string folder) => JsonFile.Write(Path.Combine(folder, FileName), this);

    /// <summary>Reads <c>panels.json</c>; null where the folder holds none.</summary>
    /// <exception cref="IOException">It is damaged.</exception>
    public static SubjectPanels? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        return JsonFile.Read<SubjectPanels>(path, (problem, cause) => new IOException($"{path} lists no panels: {problem}", cause));
    }
}
