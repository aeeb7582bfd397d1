using System.Security.Cryptography;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Models;

/// <summary>Backbones and adapters as folders: weights beside the card that says what they mean.</summary>
public static class ModelFolder
{
    private const string BackboneFile = "backbone.safetensors";

    /// <summary>Writes a backbone.</summary>
    public static void SaveBackbone(string folder, SegmentationNetwork network, ModelCard card)
    {
        Safetensors.Write(Path.Combine(folder, BackboneFile), NetworkState.Of(network));
        card.Write(folder);
    }

    /// <summary>Reads a backbone. The caller disposes the network.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="place">Where its network is built.</param>
    /// <param name="change">What an adaptation makes of its configuration; fixed layer and adapters are new then.</param>
    /// <param name="newParts">Draws the initial values of these.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, or tensors do not fit.</exception>
    public static (SegmentationNetwork Network, ModelCard Card) LoadBackbone(
        string folder, NetworkPlace place, Func<NetworkConfiguration, NetworkConfiguration>? change = null, RandomStream? newParts = null)
    {
        var card = ModelCard.Read(folder);
        var configuration = change is null ? card.Network : change(card.Network);
        var network = SegmentationNetwork.Build(configuration, newParts ?? new RandomStream(0, "backbone"), place);
        using var scope = NewDisposeScope();
        NetworkState.Restore(network, Safetensors.Read(BackbonePath(folder)), newParts: change is not null);
        return (network, card);
    }

    /// <summary>SHA-256 of a backbone's weights, which an adapter is bound to.</summary>
    public static string BackboneHash(string folder)
    {
        using var stream = File.OpenRead(BackbonePath(folder));
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Writes what an adaptation tuned, and nothing else.</summary>
    public static void SaveAdapter(string folder, IEnumerable<KeyValuePair<string, Tensor>> tuned, AdapterCard card)
    {
        Safetensors.Write(Path.Combine(folder, AdapterCard.WeightsFile), tuned, card.Metadata);
        card.Write(folder);
    }

    private static string BackbonePath(string folder)
    {
        var path = Path.Combine(folder, BackboneFile);
        return File.Exists(path) ? path : throw new CheckpointException($"{path} is missing. Name the folder of a pre-training's artifact.");
    }
}
