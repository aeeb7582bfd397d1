using PUNet.Core.Common;
using PUNet.Core.Imaging;
using PUNet.Core.Models.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Adaptation;

/// <summary>
/// A backbone with what was tuned for new classes, ready to predict: the backbone alone, with one adapter, or with a
/// composition of adapters that were tuned separately. Each adapter predicts its own classes and is taken off again, so
/// that its predictions are bit for bit those it gives alone.
/// </summary>
public sealed class AdaptedModel : IDisposable
{
    private readonly ModelCard _model;

    private AdaptedModel(ModelCard model, IReadOnlyList<ModelPart> parts) => (_model, Parts) = (model, parts);

    /// <summary>What predicts which classes; one part for a backbone alone or a single adapter.</summary>
    public IReadOnlyList<ModelPart> Parts { get; }

    /// <summary>How intensities become the network's input.</summary>
    public Normalisation Normalisation => _model.Normalisation;

    /// <summary>Parameters trained for the new classes, of all adapters; null for a bare backbone.</summary>
    public long? TrainedParameters => Parts[0].Card is null ? null : Parts.Sum(part => part.Card!.TrainedParameters);

    /// <summary>Parameters of the body and those trained beside it; null for a bare backbone.</summary>
    public long? TotalParameters => Parts[0].Card is null ? null : Body + Parts.Sum(part => part.Card!.TotalParameters - Body);

    /// <summary>Of all adapters.</summary>
    public IReadOnlyList<TuningWarning> Warnings => [.. Parts.SelectMany(part => part.Card?.Warnings ?? [])];

    private long Body => Total(Parts[0].Network, []);

    /// <summary>Reads a backbone and, if given, an adapter of it or a composition of several.</summary>
    /// <exception cref="CheckpointException">A file is missing or damaged, an adapter was made for another backbone, or a tensor does not
    /// fit.</exception>
    public static AdaptedModel Load(string backbone, string? adapter, NetworkPlace place) =>
        Load(backbone, withBase: adapter is null, adapter is null ? [] : [adapter], place);

    /// <summary>Reads a backbone, which segments its base classes, and adapters of it, or compositions of them.</summary>
    /// <inheritdoc cref="Load(string, string?, NetworkPlace)"/>
    public static AdaptedModel LoadWithBase(string backbone, IReadOnlyList<string> adapters, NetworkPlace place) =>
        Load(backbone, withBase: true, adapters, place);

    private static AdaptedModel Load(string backbone, bool withBase, IReadOnlyList<string> adapters, NetworkPlace place)
    {
        var parts = new List<ModelPart>();
        var model = ModelCard.Read(backbone);
        try
        {
            if (withBase) parts.Add(ModelPart.OfBackbone(backbone, model, place));
            var hash = adapters.Count == 0 ? "" : ModelFolder.BackboneHash(backbone);
            foreach (var folder in adapters.SelectMany(AdapterComposition.Parts))
                parts.Add(ModelPart.OfAdapter(backbone, hash, model, folder, parts, place));
            return new AdaptedModel(model, parts);
        }
        catch
        {
            foreach (var part in parts) part.Dispose();
            throw;
        }
    }

    /// <summary>Parameters of the body and those trained beside it (method.md, section 2, counts).</summary>
    public static long Total(SegmentationNetwork network, IEnumerable<NetworkParameter> trained) =>
        ParameterGroups.Count(ParameterGroups.Of(network).Where(parameter => parameter.Role == ParameterRole.Body))
        + ParameterGroups.Count(trained.Where(parameter => parameter.Role != ParameterRole.Body));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in Parts) part.Dispose();
    }
}
