using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Losses;

/// <summary>
/// Focal segmentation loss on the softmax over the active classes (method.md, section 3):
/// per voxel <c>(1 − p)^γ · α_y · (−log p)</c>, mean over all voxels that are not ignored and the batch.
/// </summary>
public sealed class FocalLoss
{
    private const double SmallestLog = -1e3;
    private readonly FocalLossOptions _options;
    private readonly IReadOnlyList<double> _additive;

    /// <param name="options">Exponent and weights; the published ones where not given.</param>
    /// <param name="additive">Added to α, by class label (entry 0 is background); empty: nothing is added. See <see cref="ClassBalance"/>.</param>
    /// <exception cref="ConfigurationException">The options have faults.</exception>
    public FocalLoss(FocalLossOptions? options = null, IReadOnlyList<double>? additive = null)
    {
        (_options, _additive) = (options ?? new FocalLossOptions(), additive ?? []);
        ConfigurationException.ThrowIfAny(_options.Faults());
    }

    /// <summary>The loss of a batch; gradients flow to the logits.</summary>
    /// <param name="logits">[B, 1 + n_active, H, W, D].</param>
    /// <param name="targets">Channel indices 0…n_active, −1 for ignored voxels [B, H, W, D], int64; see <see cref="SegmentationTargets"/>.</param>
    /// <param name="active">The active classes of the B elements; they choose α.</param>
    /// <returns>A scalar, float32.</returns>
    public Tensor forward(Tensor logits, Tensor targets, ActiveClasses active)
    {
        Check(logits, targets, active);
        using var scope = NewDisposeScope();
        var counted = targets.ge(TensorArithmetic.Whole(0));
        var ignores = !counted.all().item<bool>();
        if (ignores) targets = targets.clamp_min(TensorArithmetic.Whole(0));
        var index = targets.unsqueeze(1); // [B, 1, H, W, D]
        var logProbability = nn.functional.log_softmax(logits.to_type(ScalarType.Float32), 1)
            .gather(1, index).squeeze(1).clamp_min(TensorArithmetic.Real(SmallestLog)); // [B, H, W, D]
        var loss = logProbability.neg() * Alpha(targets, active);
        if (_options.Gamma != 0) loss = loss * logProbability.expm1().neg().pow(TensorArithmetic.Real(_options.Gamma)); // 1 − p without cancellation
        if (ignores) return (loss * counted).sum().div(counted.sum().clamp_min(TensorArithmetic.Whole(1))).MoveToOuterDisposeScope();
        return loss.mean().MoveToOuterDisposeScope();
    }

    /// <summary>α of one class label.</summary>
    /// <exception cref="ArgumentException">The class has no entry where something is added.</exception>
    private double Alpha(int label)
    {
        if (_additive.Count > 0 && label >= _additive.Count)
            throw new ArgumentException(
                $"Class {label} has no additive alpha: {_additive.Count} entries are given, for the classes 0 to {_additive.Count - 1}.");
        return (label == 0 ? _options.BackgroundAlpha : _options.ForegroundAlpha) + (_additive.Count > 0 ? _additive[label] : 0);
    }

    /// <summary>α of each voxel's class [B, H, W, D].</summary>
    private Tensor Alpha(Tensor targets, ActiveClasses active)
    {
        var alpha = active.WithBackground().SelectMany(classes => classes).Select(c => (float)Alpha(c)).ToArray();
        var table = tensor(alpha, device: targets.device).reshape(active.Batch, -1); // [B, 1 + n_active]
        return table.gather(1, targets.flatten(1)).reshape(targets.shape); // [B, H·W·D] → [B, H, W, D]
    }

    private static void Check(Tensor logits, Tensor targets, ActiveClasses active)
    {
        var (l, t) = (logits.shape, targets.shape);
        if (l.Length != 5 || t.Length != 4 || l[0] != t[0] || !l[2..].SequenceEqual(t[1..]))
            throw new ArgumentException(
                $"Logits [B, 1 + n, H, W, D] and targets [B, H, W, D] must agree; they are [{string.Join(", ", l)}] and [{string.Join(", ", t)}].");
        if (active.Batch != l[0] || active.Count + 1 != l[1])
            throw new ArgumentException(
                $"Logits of {l[0]} elements with {l[1]} channels need {l[1] - 1} active classes per element; "
                + $"given are [{string.Join("], [", active.Foreground().Select(classes => string.Join(", ", classes)))}].", nameof(active));
    }
}
