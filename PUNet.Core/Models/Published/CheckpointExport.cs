using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Published;

/// <summary>
/// Writes a backbone as a safetensors file under the published implementation's names, so that other programs read it. The
/// model's card travels in the header: an import gives back the same backbone.
/// </summary>
public static class CheckpointExport
{
    private const string CardKey = "punet_model";

    private static readonly string[] _axes = ["h", "w", "d"];

    /// <summary>Exports a backbone.</summary>
    /// <param name="backbone">Its folder.</param>
    /// <param name="path">The new file.</param>
    /// <returns>How many tensors were written.</returns>
    /// <exception cref="CheckpointException">The backbone is damaged or no prompt-able UNet, or the file is there already.</exception>
    public static int Run(string backbone, string path)
    {
        if (File.Exists(path) || Directory.Exists(path)) throw new CheckpointException($"{path} is there already. Name a new file.");
        if (ModelCard.Read(backbone).Network is not PromptableUNetConfiguration configuration)
            throw new CheckpointException($"{backbone} is no prompt-able UNet; the published names are those of its tensors.");
        var (network, card) = ModelFolder.LoadBackbone(backbone, CPU);
        using var owned = network;
        using var scope = NewDisposeScope();
        var tensors = NetworkState.Of(network).ToDictionary(entry => PublishedNames.Of(entry.Key), entry => entry.Value, StringComparer.Ordinal);
        foreach (var (name, table) in IndexTables(configuration, tensors.Keys)) tensors[name] = table;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        Safetensors.Write(path, tensors, new Dictionary<string, string> { ["format"] = "pt", [CardKey] = card.ToJson() });
        return tensors.Count;
    }

    /// <summary>The card in the header of a file that was exported here; null for other files.</summary>
    /// <exception cref="CheckpointException">There is one, but it describes no prompt-able UNet.</exception>
    internal static ModelCard? CardOf(PublishedCheckpoint checkpoint)
    {
        if (!checkpoint.Metadata.TryGetValue(CardKey, out var json)) return null;
        var card = ModelCard.FromJson(
            json,
            problem => new CheckpointException($"{checkpoint.Path} does not describe a model in its header: {problem} Export it again."));
        if (card.Network is not PromptableUNetConfiguration network) throw new CheckpointException($"{checkpoint.Path} is no prompt-able UNet.");
        if (network.Faults() is { Count: > 0 } faults)
            throw new CheckpointException($"{checkpoint.Path} describes a network that cannot be built: {string.Join(" ", faults)}");
        PublishedConfiguration.Confirm(checkpoint, network);
        return card;
    }

    /// <summary>
    /// The tables of relative positions that the published code keeps in its state: key − query + w − 1 along each axis,
    /// int64 [w, w], beside every table of content scores.
    /// </summary>
    private static IEnumerable<(string Name, Tensor Table)> IndexTables(PromptableUNetConfiguration network, IEnumerable<string> names)
    {
        const string scores = "encoding_content_h";
        foreach (var prefix in names.Where(name => name.EndsWith(scores, StringComparison.Ordinal)).Select(name => name[..^scores.Length]).ToList())
            for (var axis = 0; axis < _axes.Length; axis++)
            {
                var window = network.Window[axis];
                var distances = new long[window * window];
                for (var i = 0; i < distances.Length; i++) distances[i] = i % window - i / window + window - 1;
                yield return ($"{prefix}relative_distances_{_axes[axis]}", tensor(distances, [window, window]));
            }
    }
}
