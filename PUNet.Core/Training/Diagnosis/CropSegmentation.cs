using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Metrics;
using PUNet.Core.Models;
using static TorchSharp.torch;

namespace PUNet.Core.Training.Diagnosis;

/// <summary>
/// What a network that is being tuned predicts on some crops, as an evaluation does: one class a pass, all of a new output layer at once.
/// </summary>
internal sealed class CropSegmentation
{
    private readonly SegmentationNetwork _network;
    private readonly IReadOnlyList<int> _learned;
    private readonly bool _hasFixedLayer;
    private readonly bool _promptsInBlocks;

    /// <param name="network">As far as it is tuned.</param>
    /// <param name="card">Of its backbone.</param>
    /// <param name="learned">Labels of the new classes, ascending.</param>
    public CropSegmentation(SegmentationNetwork network, ModelCard card, IReadOnlyList<int> learned)
    {
        (_network, _learned) = (network, learned);
        _hasFixedLayer = network.Configuration.FixedOutputChannels is not null;
        _promptsInBlocks = card.PromptsInBlocks && !_hasFixedLayer;
    }

    /// <summary>Predicted and annotated voxels of a class on all crops together; what is not annotated counts for neither.</summary>
    public Overlap Of(int label, DiagnosticCrops crops, Func<string, ISubjectVoxels> load)
    {
        using var mode = new EvaluationMode(_network);
        using var noGradients = no_grad();
        var channel = _hasFixedLayer ? 1 + _learned.ToList().IndexOf(label) : 1;
        var sum = new Overlap(0, 0, 0);
        foreach (var batch in crops.Batches(load))
        {
            using var scope = NewDisposeScope();
            var active = ActiveClasses.Same(batch.Length, _hasFixedLayer ? [.. _learned] : [label]);
            var logits = _network.forward(DiagnosticCrops.Images(batch), active, _promptsInBlocks).Logits; // [B, 1 + n, H, W, D]
            var found = logits.argmax(1).eq(TensorArithmetic.Whole(channel)).cpu().flatten().data<bool>().ToArray();
            var own = Overlap.Of(found, batch.SelectMany(crop => crop.Labels).ToArray(), label);
            sum = new Overlap(sum.Reference + own.Reference, sum.Prediction + own.Prediction, sum.Common + own.Common);
        }
        return sum;
    }
}
