using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Batches;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Training.Diagnosis;
using static TorchSharp.torch;

namespace PUNet.Core.Training;

/// <summary>
/// Makes sure that tuning new classes forgets nothing: once the adapter is taken off again, every tensor of the backbone and
/// its predictions of the classes that it knew are what they were, bit for bit.
/// </summary>
internal sealed class ForgettingCheck : IDisposable
{
    private readonly SegmentationNetwork _network;
    private readonly ModelCard _card;
    private readonly ISubjectVoxels _subject;
    private readonly Dictionary<string, Tensor> _before;
    private readonly List<Tensor> _predictions;

    /// <summary>Notes the state of the backbone; nothing may have been tuned yet.</summary>
    /// <param name="network">The backbone as it was read.</param>
    /// <param name="card">The classes that it knows.</param>
    /// <param name="subject">Its middle is what predictions are compared on.</param>
    public ForgettingCheck(SegmentationNetwork network, ModelCard card, ISubjectVoxels subject)
    {
        (_network, _card, _subject) = (network, card, subject);
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        _before = NetworkState.Of(network).ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone().DetachFromDisposeScope());
        _predictions = Predict();
    }

    /// <summary>Takes the adapter off the network and compares; the network is then the backbone again.</summary>
    /// <param name="tuned">What was tuned.</param>
    /// <returns>What was found, for people.</returns>
    /// <exception cref="InvalidOperationException">Something of the backbone changed.</exception>
    public string Confirm(Adapter tuned)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var state = NetworkState.Of(_network);
        foreach (var name in tuned.Tensors.Keys) state[name].copy_(_before[name]);
        var changed = state.Where(entry => !entry.Value.Equals(_before[entry.Key])).Select(entry => entry.Key).Order(StringComparer.Ordinal).ToList();
        if (changed.Count > 0)
            throw new InvalidOperationException(
                $"Tuning changed '{changed[0]}'{(changed.Count > 1 ? $" and {changed.Count - 1} more tensors" : "")} "
                    + "of the backbone, which earlier classes need. This is a fault of PUNet; nothing was written.");
        var names = string.Join(", ", _card.BaseClasses.Select(label => _card.Classes[label - 1]));
        if (!Predict().Zip(_predictions, (after, before) => after.Equals(before)).All(same => same))
            throw new InvalidOperationException(
                $"Tuning changed the predictions of earlier classes ({names}). "
                    + "This is a fault of PUNet; nothing was written.");
        return _predictions.Count == 0 ? "the backbone is bit-identical" : $"backbone and predictions of earlier classes ({names}) are bit-identical";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _before.Values.Concat(_predictions)) tensor.Dispose();
    }

    /// <summary>Logits of every class that the backbone knows, on a patch in the subject's middle; none through a new output layer.</summary>
    private List<Tensor> Predict()
    {
        if (_network.Configuration.FixedOutputChannels is not null) return [];
        using var mode = new EvaluationMode(_network);
        using var scope = NewDisposeScope();
        var patch = _network.Configuration.StudentPatch;
        var start = Extent.From(axis => (_subject.Extent[axis] - patch[axis]) / 2);
        var image = tensor(SubjectCrop.Cut(_subject, start, patch).Image, [1, 1, patch.H, patch.W, patch.D]);
        return _card.BaseClasses
            .Select(label => _network.forward(image, ActiveClasses.Same(1, label), _card.PromptsInBlocks).Logits.DetachFromDisposeScope()).ToList();
    }
}
