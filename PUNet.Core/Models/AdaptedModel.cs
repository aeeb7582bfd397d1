using PUNet.Core.Common;
using PUNet.Core.Imaging;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Models;

/// <summary>A backbone with what was tuned for new classes laid over it, ready to predict.</summary>
public sealed class AdaptedModel : IDisposable
{
    private readonly ModelCard _model;

    private AdaptedModel(PromptableUNet network, ModelCard model, AdapterCard? card) => (Network, _model, Card) = (network, model, card);

    public PromptableUNet Network { get; }

    /// <summary>The adapter's card; null for a bare backbone.</summary>
    public AdapterCard? Card { get; }

    /// <summary>How intensities become the network's input.</summary>
    public Normalisation Normalisation => _model.Normalisation;

    /// <summary>Whether prompts enter the attention blocks; never with the fixed output layer.</summary>
    public bool PromptedBlocks => _model.PromptedBlocks && Network.Configuration.FixedOutputChannels is null;

    /// <summary>Reads a backbone and, if given, an adapter of it.</summary>
    /// <exception cref="CheckpointException">A file is missing or damaged, the adapter was made for another backbone, or a tensor does not fit.</exception>
    public static AdaptedModel Load(string backbone, string? adapter, Device device)
    {
        var card = adapter is null ? null : AdapterCard.Read(adapter);
        if (card is not null && ModelFolder.BackboneHash(backbone) is var hash && hash != card.Backbone)
            throw new CheckpointException($"The adapter {adapter} was made for the backbone {card.Backbone[..12]}…, not for {hash[..12]}… in {backbone}. Use them with the backbone they were tuned on.");
        var (network, model) = ModelFolder.LoadBackbone(backbone, CPU, card is null ? null : own => Configuration(own, card.Variant, card.NewClasses.Count));
        using var scope = NewDisposeScope();
        if (card is not null)
        {
            using var tuned = Adapter.From(card.Variant, card.NewClasses, Safetensors.Read(Path.Combine(adapter!, AdapterCard.WeightsFile)));
            tuned.ApplyTo(network);
        }
        network.to(device);
        return new(network, model, card);
    }

    /// <summary>The configuration a backbone's network takes on for a variant: fixed output layer and adapters where it has them.</summary>
    public static PromptableUNetConfiguration Configuration(PromptableUNetConfiguration backbone, AdaptationVariant variant, int newClasses) => backbone with
    {
        FixedOutputChannels = ParameterGroups.UsesFixedHead(variant) ? 1 + newClasses : null,
        Adapters = variant == AdaptationVariant.Adapter,
    };

    /// <summary>Parameters of the body and those trained beside it (method.md, section 2, counts).</summary>
    public static long Total(PromptableUNet network, IEnumerable<NetworkParameter> trained) =>
        ParameterGroups.Count(ParameterGroups.Of(network).Where(parameter => parameter.Role == ParameterRole.Body))
        + ParameterGroups.Count(trained.Where(parameter => parameter.Role != ParameterRole.Body));

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
