using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Models.Adaptation;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Parameters;

/// <summary>A network that predicts some classes: a backbone its base classes, or an adapter laid over it the new ones.</summary>
public sealed class ModelPart : IDisposable
{
    private readonly Adapter? _adapter;
    private readonly bool _ownsNetwork;
    private readonly ModelCard _model;

    private ModelPart(SegmentationNetwork network, bool ownsNetwork, ModelCard model, AdapterCard? card, Adapter? adapter) =>
        (Network, _ownsNetwork, _model, Card, _adapter) = (network, ownsNetwork, model, card, adapter);

    /// <summary>The network; parts of the same shape share one. Predicts this part's classes while <see cref="LayOn"/> lasts.</summary>
    public SegmentationNetwork Network { get; }

    /// <summary>The adapter's card; null for a bare backbone.</summary>
    public AdapterCard? Card { get; }

    /// <summary>
    /// Labels behind the channels of a fixed output layer, in their order; null where maps are similarities to any class's prompts.
    /// </summary>
    public IReadOnlyList<int>? FixedClasses => Network.Configuration.FixedOutputChannels is null ? null : Classes;

    /// <summary>Labels of the classes it learned, ascending: the adapter's new ones, or the backbone's base classes.</summary>
    public IReadOnlyList<int> Classes => Card?.NewClasses ?? _model.BaseClasses;

    /// <summary>Whether the attention blocks see the active classes' prompts; never with the fixed output layer.</summary>
    public bool PromptsInBlocks => _model.PromptsInBlocks && Network.Configuration.FixedOutputChannels is null;

    /// <summary>Lays the adapter over the network until the result is disposed; then every value is again the backbone's, bit by bit.</summary>
    public IDisposable? LayOn() => _adapter?.ApplyTo(Network);

    /// <summary>A backbone by itself.</summary>
    internal static ModelPart OfBackbone(string backbone, ModelCard model, NetworkPlace place) =>
        new(ModelFolder.LoadBackbone(backbone, place).Network, true, model, null, null);

    /// <summary>An adapter of a backbone; takes the network of an earlier part of the same shape.</summary>
    /// <param name="backbone">Folder of the backbone.</param>
    /// <param name="hash">Its hash, <see cref="ModelFolder.BackboneHash"/>.</param>
    /// <param name="model">Its card.</param>
    /// <param name="folder">Folder or file of the adapter.</param>
    /// <param name="earlier">Parts made before.</param>
    /// <param name="place">Where a new network is built.</param>
    internal static ModelPart OfAdapter(
        string backbone, string hash, ModelCard model, string folder, IReadOnlyList<ModelPart> earlier, NetworkPlace place)
    {
        var card = AdapterCard.Read(folder);
        if (hash != card.Backbone)
            throw new CheckpointException(
                $"The adapter {folder} was made for the backbone {card.Backbone[..12]}…, not for {hash[..12]}… in {backbone}. "
                + "Use them with the backbone they were tuned on.");
        var wanted = model.Network.WithRoomFor(card.NewClasses.Max())
            .AdaptedBy(card.Variant, card.NewClasses.Count, card.Rank ?? NetworkConfiguration.DefaultRank);
        var shared = earlier.FirstOrDefault(part => part.Network.Configuration == wanted)?.Network;
        var network = shared ?? ModelFolder.LoadBackbone(backbone, place, _ => wanted).Network;
        var adapter = Adapter.From(
            card.Variant, card.NewClasses, Safetensors.Read(AdapterCard.WeightsOf(folder)), card.AllStatistics, card.OwnBackground);
        var part = new ModelPart(network, shared is null, model, card, adapter);
        try
        {
            part.LayOn()!.Dispose(); // a tensor that does not fit is told now
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _adapter?.Dispose();
        if (_ownsNetwork) Network.Dispose();
    }
}
