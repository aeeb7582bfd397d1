using PUNet.Core.Common.Files;

namespace PUNet.Core.Inference.Pictures;

/// <summary>The best and the worst subject of an evaluation as volumes: <c>volumes.json</c>.</summary>
public sealed record SubjectVolumes
{
    /// <summary>Its name in the evaluation's folder.</summary>
    public const string FileName = "volumes.json";

    /// <summary>The best, then the worst; one where one subject alone has a class, none where none has.</summary>
    public required IReadOnlyList<SubjectVolume> Volumes { get; init; }

    /// <summary>Names of the dataset's classes by their labels less one.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Writes <c>volumes.json</c>.</summary>
    public void Write(string folder) => JsonFile.Write(Path.Combine(folder, FileName), this);

    /// <summary>Reads <c>volumes.json</c>; null where the folder holds none.</summary>
    /// <exception cref="IOException">It is damaged.</exception>
    public static SubjectVolumes? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        return JsonFile.Read<SubjectVolumes>(path, (problem, cause) => new IOException($"{path} lists no volumes: {problem}", cause));
    }
}
