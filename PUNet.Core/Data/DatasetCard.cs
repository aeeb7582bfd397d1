using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data;

/// <summary>How a prepared dataset is used: its parts and its normalisation, <c>dataset.json</c> beside the volumes.</summary>
public sealed record DatasetCard
{
    private const string FileName = "dataset.json";

    /// <summary>How intensities become the network's input.</summary>
    public required Normalisation Normalisation { get; init; }

    /// <summary>Subjects of each part; the order is the one that "the first n annotated" means.</summary>
    public required IReadOnlyDictionary<Part, IReadOnlyList<string>> Parts { get; init; }

    /// <summary>Its file in a prepared folder.</summary>
    internal static string FileOf(string folder) => Path.Combine(folder, FileName);

    /// <summary>Writes <c>dataset.json</c>.</summary>
    public void Write(string folder) => JsonFile.Write(FileOf(folder), this);

    /// <summary>Reads <c>dataset.json</c>.</summary>
    /// <exception cref="ImageFileException">It is missing or is none.</exception>
    public static DatasetCard Read(string folder)
    {
        var path = FileOf(folder);
        return JsonFile.Read<DatasetCard>(path, (problem, cause) => new ImageFileException(path, $"does not describe a prepared dataset: {problem} Prepare it again.", cause));
    }
}
