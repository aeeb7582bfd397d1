using System.Text.Json.Serialization;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Grids;

namespace PUNet.Core.Models;

/// <summary>What a backbone's weights mean: <c>model.json</c> beside them.</summary>
public sealed record ModelCard
{
    private const string FileName = "model.json";

    public required NetworkConfiguration Network { get; init; }

    /// <summary>Foreground class names of the dataset; the class of name i has label and pool slot i + 1.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Labels of the classes it was pre-trained on.</summary>
    public required IReadOnlyList<int> BaseClasses { get; init; }

    /// <summary>Whether the attention blocks see the active classes' prompts.</summary>
    public required bool PromptsInBlocks { get; init; }

    /// <summary>How intensities become the network's input.</summary>
    public required Normalisation Normalisation { get; init; }

    /// <summary>The label of each class in the dataset's own files; null where they are not known: then the prepared ones serve.</summary>
    public IReadOnlyList<int>? Labels { get; init; }

    /// <summary>How scans come onto the grid that it was trained on; null where that is not known.</summary>
    public GridOptions? Grid { get; init; }

    /// <summary>What to tell of a model without <see cref="Grid"/>.</summary>
    internal static string WithoutGrid(string folder) =>
        $"The model in {folder} does not say onto which grid its scans were brought: it was made before that was kept. Run its pre-training again.";

    /// <summary>The label of a class in the dataset's own files.</summary>
    /// <param name="label">Its prepared label, from 1.</param>
    public int SourceLabel(int label) => Labels?.ElementAtOrDefault(label - 1) is > 0 and var own ? own : label;

    /// <summary>Names of the classes it was pre-trained on.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> BaseClassNames => [.. BaseClasses.Select(label => Classes[label - 1])];

    /// <summary>Writes <c>model.json</c>.</summary>
    public void Write(string folder) => JsonFile.Write(Path.Combine(folder, FileName), this);

    /// <summary>Reads <c>model.json</c>.</summary>
    /// <exception cref="CheckpointException">It is missing or is none.</exception>
    public static ModelCard Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return JsonFile.Read<ModelCard>(
            path,
            (problem, cause) =>
                new CheckpointException($"{path} does not describe a model: {problem} Name the folder of a pre-training's artifact.", cause));
    }

    /// <summary>The content of <c>model.json</c>.</summary>
    internal string ToJson() => JsonFile.Text(this);

    /// <summary>A card from that content; what keeps it from being one becomes the caller's own exception.</summary>
    internal static ModelCard FromJson(string json, Func<string, Exception> fault) => JsonFile.Parse<ModelCard>(json, (problem, _) => fault(problem));
}
