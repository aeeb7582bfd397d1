using PUNet.Core.Common;
using PUNet.Core.Common.Files;

namespace PUNet.Core.Models.Adaptation;

/// <summary>What the tensors of an adaptation mean: <c>adapter.json</c> beside <c>adapter.safetensors</c>.</summary>
public sealed record AdapterCard
{
    /// <summary>The tuned tensors' file.</summary>
    public const string WeightsFile = "adapter.safetensors";

    private const string FileName = "adapter.json";
    private const string MetadataName = "adapter";

    public required AdaptationVariant Variant { get; init; }

    /// <summary>Labels of the classes it adds.</summary>
    public required IReadOnlyList<int> NewClasses { get; init; }

    /// <summary>Their names; null in adapters that lack them: then the backbone's card tells.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Their labels in the files that they were learned from; null likewise.</summary>
    public IReadOnlyList<int>? Labels { get; init; }

    /// <summary>Labels of the backbone's classes that were active beside the new ones in training, and stay as they are.</summary>
    public IReadOnlyList<int> FrozenClasses { get; init; } = [];

    /// <summary>Whether the statistics of the backbone's frozen normalisations followed the training, and so are part of the adapter.</summary>
    public bool AllStatistics { get; init; }

    /// <summary>Whether the new classes have background tokens of their own in the similarity aggregation.</summary>
    public bool OwnBackground { get; init; }

    /// <summary>Rank of its low-rank updates; null where it has none.</summary>
    public int? Rank { get; init; }

    /// <summary>SHA-256 of the backbone's weights; it fits no other.</summary>
    public required string Backbone { get; init; }

    /// <summary>Parameters that were trained.</summary>
    public required long TrainedParameters { get; init; }

    /// <summary>Parameters of the body, and those that were trained beside it.</summary>
    public required long TotalParameters { get; init; }

    /// <summary>What makes predictions of its classes doubtful; found at the end of the training.</summary>
    public IReadOnlyList<TuningWarning> Warnings { get; init; } = [];

    /// <summary>Writes <c>adapter.json</c>.</summary>
    public void Write(string folder) => JsonFile.Write(Path.Combine(folder, FileName), this);

    /// <summary>Reads <c>adapter.json</c>, or what the file of an adapter says of itself.</summary>
    /// <param name="folder">Folder or file of an adapter.</param>
    /// <exception cref="CheckpointException">It is missing or is none.</exception>
    public static AdapterCard Read(string folder)
    {
        if (File.Exists(folder)) return OfFile(folder);
        var path = Path.Combine(folder, FileName);
        return JsonFile.Read<AdapterCard>(
            path,
            (problem, cause) =>
                new CheckpointException($"{path} does not describe an adapter: {problem} Name the folder of an adaptation's artifact.", cause));
    }

    /// <summary>The tensors' file of an adapter.</summary>
    /// <param name="folder">Its folder, or this file itself.</param>
    public static string WeightsOf(string folder) => File.Exists(folder) ? folder : Path.Combine(folder, WeightsFile);

    /// <summary>What the weights' file says of itself, so that it can travel alone.</summary>
    internal Dictionary<string, string> Metadata => new() { ["backbone"] = Backbone, [MetadataName] = JsonFile.Text(this) };

    private static AdapterCard OfFile(string path)
    {
        if (!Safetensors.ReadMetadata(path).TryGetValue(MetadataName, out var text))
            throw new CheckpointException($"{path} is no adapter: it does not say what its tensors are. Name an adapter's file or folder.");
        return JsonFile.Parse<AdapterCard>(
            text, (problem, cause) => new CheckpointException($"{path} does not describe an adapter: {problem}", cause));
    }
}
