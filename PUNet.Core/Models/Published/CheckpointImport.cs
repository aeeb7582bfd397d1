using PUNet.Core.Common;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Grids;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Published;

/// <summary>
/// Makes a backbone from a checkpoint of the published implementation, or from a file of <see cref="CheckpointExport"/>. The
/// network computes as that implementation does (semantics <c>Reference</c>, method.md, section 1).
/// </summary>
public static class CheckpointImport
{
    private const int ListedNames = 20;

    /// <summary>Reads a checkpoint and writes a backbone's folder.</summary>
    /// <param name="path">A Lightning checkpoint, a state dictionary of PyTorch, or a safetensors file.</param>
    /// <param name="folder">The new folder; it appears whole or not at all.</param>
    /// <param name="options">What the file does not tell.</param>
    /// <exception cref="CheckpointException">The file is none, contradicts itself or the options, or has other tensors than its network; or the
    /// folder is there already.</exception>
    public static ImportReport Run(string path, string folder, ImportOptions options)
    {
        folder = Path.GetFullPath(folder);
        if (Directory.Exists(folder) || File.Exists(folder)) throw new CheckpointException($"{folder} is there already. Name a new folder.");
        using var checkpoint = PublishedCheckpoint.Open(path, options.Teacher);
        var (card, assumptions) = Card(checkpoint, options);
        var held = checkpoint.Shapes.Values.Sum(shape => shape.Aggregate(1.0, (count, size) => count * size));
        if (NetworkSize.AtLeast((PromptableUNetConfiguration)card.Network) > held)
            throw new CheckpointException($"{path} holds {held:F0} numbers, fewer than the network that it describes has.");
        using var network = (PromptableUNet)SegmentationNetwork.Build(card.Network, new RandomStream(0, "replaced by the checkpoint"));
        var leftOut = Restore(network, checkpoint);
        WriteFolder(folder, staging => ModelFolder.SaveBackbone(staging, network, card));
        return new ImportReport(card, checkpoint.Shapes.Count - leftOut.Count, assumptions, leftOut);
    }

    private static (ModelCard Card, IReadOnlyList<string> Assumptions) Card(PublishedCheckpoint checkpoint, ImportOptions options)
    {
        if (CheckpointExport.CardOf(checkpoint) is { } own) return (PublishedClasses.Overlay(checkpoint.Path, own, options), []);
        var (network, assumptions) = PublishedConfiguration.Of(checkpoint, options);
        var told = new List<string>(assumptions);
        if (options.Window is null) told.Add("Images are assumed to be CT, clipped to [−1000, 1000] HU as the paper does.");
        told.Add("Scans are assumed to be prepared as the paper does: 1.25 × 1.25 × 2.5 mm, slices cropped or padded to 280 × 280.");
        var card = new ModelCard
        {
            Network = network,
            Classes = PublishedClasses.Names(checkpoint, network, options, told),
            BaseClasses = [],
            PromptsInBlocks = network.FixedOutputChannels is null && checkpoint.HyperParameters.Flag(
                checkpoint.HyperParameters.Flag("downstream") == true ? "noninstructed_attention_downstream" : "noninstructed_attention") != true,
            Normalisation = Normalisation.Paper,
            Grid = GridOptions.Paper,
        };
        card = card with { BaseClasses = PublishedClasses.Base(checkpoint, card.Classes, told) };
        return (PublishedClasses.Overlay(checkpoint.Path, card, options), told);
    }

    /// <summary>Writes every tensor into the network.</summary>
    /// <returns>Names of tensors that carry nothing.</returns>
    private static List<string> Restore(PromptableUNet network, PublishedCheckpoint checkpoint)
    {
        using var scope = NewDisposeScope();
        var targets = NetworkState.Of(network).ToDictionary(entry => PublishedNames.Of(entry.Key), entry => entry.Value, StringComparer.Ordinal);
        var withoutPools = network.Configuration.FixedOutputChannels is not null && !checkpoint.Shapes.Keys.Any(IsPool);
        var missing = targets.Keys.Where(
            name => !checkpoint.Shapes.ContainsKey(name) && !PublishedNames.CarriesNothing(name) && !(withoutPools && IsPool(name))).ToList();
        var leftOut = checkpoint.Shapes.Keys.Where(name => !targets.ContainsKey(name)).ToList();
        var unknown = leftOut.Where(name => !PublishedNames.CarriesNothing(name) && !IsUnusedScore(name)).ToList();
        if (missing.Count > 0 || unknown.Count > 0)
            throw new CheckpointException(
                string.Join(" ", Listed(checkpoint.Path, "lacks", missing).Concat(Listed(checkpoint.Path, "has the unknown", unknown))));
        var given = targets.Where(entry => checkpoint.Shapes.ContainsKey(entry.Key)).ToDictionary();
        using var noGradients = no_grad();
        foreach (var (name, pool) in targets.Where(entry => withoutPools && IsPool(entry.Key))) pool.zero_();
        NetworkState.Write(given, given.Keys.ToDictionary(name => name, checkpoint.Read));
        return leftOut;
    }

    private static bool IsPool(string name) => name.Contains(".instruction_tokens.", StringComparison.Ordinal);

    /// <summary>The published code makes tables of bias scores also where it does not use them.</summary>
    private static bool IsUnusedScore(string name) =>
        name.Contains(".attention_scores.", StringComparison.Ordinal)
        && (name.Contains(".encoding_c", StringComparison.Ordinal) || name.Contains(".weights_c", StringComparison.Ordinal));

    private static IEnumerable<string> Listed(string path, string what, List<string> names)
    {
        if (names.Count == 0) return [];
        var listed = string.Join(", ", names.Order(StringComparer.Ordinal).Take(ListedNames).Select(name => $"'{name}'"));
        var more = names.Count > ListedNames ? $" and {names.Count - ListedNames} more" : "";
        return [$"{path} {what} {(names.Count == 1 ? "tensor" : $"{names.Count} tensors")} {listed}{more}."];
    }

    private static void WriteFolder(string folder, Action<string> write)
    {
        var parent = Path.GetDirectoryName(folder)!;
        Directory.CreateDirectory(parent);
        var staging = Path.Combine(parent, $".{Path.GetFileName(folder)}.{Guid.NewGuid():N}.partial");
        Directory.CreateDirectory(staging);
        try
        {
            write(staging);
            Directory.Move(staging, folder);
        }
        catch
        {
            Directory.Delete(staging, recursive: true);
            throw;
        }
    }
}
