using PUNet.Core.Common;
using PUNet.Core.Models.Parameters;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Adaptation;

/// <summary>
/// What an adaptation to new classes changed in a backbone, and nothing else: the tuned parameters, and the statistics of
/// normalisations that were trained with them (of all normalisations, where they followed the training). Laid over the backbone to predict the
/// new classes, and taken off again.
/// </summary>
public sealed class Adapter : IDisposable
{
    private readonly bool _allStatistics;
    private readonly bool _ownBackground;

    private Adapter(
        AdaptationVariant variant, IReadOnlyList<int> classes, IReadOnlyDictionary<string, Tensor> tensors, bool allStatistics, bool ownBackground) =>
        (Variant, Classes, Tensors, _allStatistics, _ownBackground) = (variant, classes, tensors, allStatistics, ownBackground);

    /// <summary>How the classes were adapted.</summary>
    public AdaptationVariant Variant { get; }

    /// <summary>Labels of the new classes.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary>The tuned tensors by their names in the network's state, on the CPU.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>Copies what a variant tunes out of an adapted network.</summary>
    /// <param name="network">The adapted network.</param>
    /// <param name="variant">Row of the table in method.md, section 4.</param>
    /// <param name="classes">Labels of the new classes.</param>
    /// <param name="allStatistics">Whether the statistics of frozen normalisations changed too.</param>
    /// <param name="ownBackground">Whether the background's tokens of the similarity were tuned too.</param>
    /// <exception cref="ArgumentException">Variant or classes do not fit the network.</exception>
    public static Adapter Extract(
        SegmentationNetwork network, AdaptationVariant variant, IReadOnlyList<int> classes, bool allStatistics = false, bool ownBackground = false)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var copies = Targets(network, variant, classes, allStatistics, ownBackground)
            .ToDictionary(entry => entry.Key, entry => entry.Value.detach().cpu().clone().DetachFromDisposeScope());
        return new Adapter(variant, [.. classes], copies, allStatistics, ownBackground);
    }

    /// <summary>An adapter from stored tensors, of which it becomes the owner.</summary>
    public static Adapter From(
        AdaptationVariant variant, IReadOnlyList<int> classes, IReadOnlyDictionary<string, Tensor> tensors,
        bool allStatistics = false, bool ownBackground = false) =>
        new(variant, classes, tensors, allStatistics, ownBackground);

    /// <summary>Lays the tuned tensors over a backbone.</summary>
    /// <param name="backbone">The network they were tuned on; for variants with a fixed layer or adapters, built with them.</param>
    /// <returns>Disposed, it puts back every value the backbone had, bit by bit.</returns>
    /// <exception cref="CheckpointException">A tensor is missing, unexpected or of another shape; the backbone is unchanged.</exception>
    public IDisposable ApplyTo(SegmentationNetwork backbone)
    {
        var targets = Targets(backbone, Variant, Classes, _allStatistics, _ownBackground);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var before = targets.ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone().DetachFromDisposeScope());
        try
        {
            NetworkState.Write(targets, Tensors);
        }
        catch
        {
            foreach (var tensor in before.Values) tensor.Dispose();
            throw;
        }
        return new Removal(targets, before);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values) tensor.Dispose();
    }

    private static Dictionary<string, Tensor> Targets(
        SegmentationNetwork network, AdaptationVariant variant, IReadOnlyCollection<int> classes, bool allStatistics, bool ownBackground)
    {
        var targets = ParameterGroups.Trained(network, variant, classes, ownBackground)
            .ToDictionary(parameter => parameter.Name, parameter => (Tensor)parameter.Value);
        foreach (var (name, buffer) in network.named_buffers())
            if (allStatistics || targets.ContainsKey(name[..name.LastIndexOf('.')] + ".weight")) targets[name] = buffer;
        return targets;
    }

    private sealed class Removal(Dictionary<string, Tensor> targets, Dictionary<string, Tensor> before) : IDisposable
    {
        private bool _done;

        public void Dispose()
        {
            if (_done) return;
            _done = true;
            NetworkState.Write(targets, before);
            foreach (var tensor in before.Values) tensor.Dispose();
        }
    }
}
