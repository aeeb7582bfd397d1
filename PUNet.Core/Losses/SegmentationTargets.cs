using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Losses;

/// <summary>Label maps as targets of a network that knows only the active classes.</summary>
public static class SegmentationTargets
{
    private const long NoLabel = -1;

    /// <summary>Replaces class labels by channel indices; every class that is not active counts as background (0).</summary>
    /// <param name="labels">Class labels [B, H, W, D], uint8 or int64.</param>
    /// <param name="active">The active classes of the B elements, n_active each.</param>
    /// <param name="frozen">Active classes that count as background nevertheless; none where not given.</param>
    /// <returns>Channel indices 0…n_active [B, H, W, D], int64; index k + 1 is the k-th active class; −1 where the label is
    /// <see cref="IgnoredLabel"/>.</returns>
    /// <exception cref="ArgumentException">Labels of another shape or type, or classes for another batch.</exception>
    public static Tensor Build(Tensor labels, ActiveClasses active, IReadOnlyCollection<int>? frozen = null)
    {
        Check(labels, active);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var targets = zeros(labels.shape, ScalarType.Int64, labels.device);
        for (var k = 0; k < active.Count; k++)
        {
            var label = tensor(
                active.Foreground().Select(classes => frozen?.Contains(classes[k]) == true ? NoLabel : classes[k]).ToArray(), device: labels.device)
                .reshape(-1, 1, 1, 1); // [B, 1, 1, 1]
            targets.masked_fill_(labels.eq(label), TensorArithmetic.Whole(k + 1));
        }
        targets.masked_fill_(labels.eq(TensorArithmetic.Whole(IgnoredLabel.Value)), TensorArithmetic.Whole(-1));
        return targets.MoveToOuterDisposeScope();
    }

    private static void Check(Tensor labels, ActiveClasses active)
    {
        if (labels.dim() != 4) throw new ArgumentException($"Labels must be [B, H, W, D], not [{string.Join(", ", labels.shape)}].", nameof(labels));
        if (labels.dtype != ScalarType.Int64 && labels.dtype != ScalarType.Byte)
            throw new ArgumentException($"Labels must be uint8 or int64, not {labels.dtype}.", nameof(labels));
        if (active.Batch != labels.shape[0])
            throw new ArgumentException($"Active classes are given for {active.Batch} elements of a batch of {labels.shape[0]}.", nameof(active));
    }
}
