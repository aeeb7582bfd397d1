using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Losses;

/// <summary>
/// Soft Dice loss on the softmax over the active classes (Milletari et al., V-Net, 2016), each class over all crops of the batch in which it is
/// active, as in nnU-Net's batch Dice: <c>1 − mean over classes of (2 Σ p y + 1) / (Σ p + Σ y + 1)</c>, sums over voxels that are not ignored.
/// Deviation: not in the paper.
/// </summary>
public static class DiceLoss
{
    /// <summary>Voxels added above and below, so that a class that is neither there nor predicted costs nothing.</summary>
    private const double Smoothing = 1;

    /// <summary>The loss of a batch; gradients flow to the logits.</summary>
    /// <param name="logits">[B, 1 + n_active, H, W, D].</param>
    /// <param name="targets">Channel indices 0…n_active, −1 for ignored voxels [B, H, W, D], int64.</param>
    /// <param name="active">The active classes of the B elements.</param>
    /// <param name="frozen">Labels of active classes that are not learned; they have no term.</param>
    /// <returns>A scalar in [0, 1), float32; 0 where no class is learned.</returns>
    public static Tensor forward(Tensor logits, Tensor targets, ActiveClasses active, IReadOnlyCollection<int>? frozen = null)
    {
        using var scope = NewDisposeScope();
        int[] channels = [.. Enumerable.Range(0, active.Batch * active.Count)];
        int LabelOf(int channel) => active.Foreground()[channel / active.Count][channel % active.Count];
        int[] labels = [.. channels.Select(LabelOf).Distinct().Where(label => frozen?.Contains(label) != true).Order()];
        if (labels.Length == 0) return zeros([], device: logits.device).MoveToOuterDisposeScope();
        var member = channels.SelectMany(channel => labels.Select(label => LabelOf(channel) == label ? 1f : 0f)).ToArray();
        var groups = tensor(member, [channels.Length, labels.Length], device: logits.device).transpose(0, 1); // [L, B·n]

        var probability = logits.to_type(ScalarType.Float32).softmax(1).narrow(1, 1, active.Count).flatten(2); // [B, n, M]
        var flat = targets.flatten(1).unsqueeze(1); // [B, 1, M]
        long[] numbers = [.. Enumerable.Range(1, active.Count).Select(number => (long)number)];
        var index = tensor(numbers, [1, active.Count, 1], device: logits.device);
        var wanted = flat.eq(index).to_type(ScalarType.Float32); // [B, n, M]
        var counted = flat.ge(TensorArithmetic.Whole(0)).to_type(ScalarType.Float32); // [B, 1, M]
        var overlap = OverClasses(groups, (probability * wanted).sum(2)); // [L]
        var sizes = OverClasses(groups, (probability * counted).sum(2).Plus(wanted.sum(2)));
        var dice = overlap.Times(2).Plus(Smoothing) / sizes.Plus(Smoothing);
        return dice.mean().neg().Plus(1).MoveToOuterDisposeScope();
    }

    /// <summary>Sums of channels [B, n] by class [L].</summary>
    private static Tensor OverClasses(Tensor groups, Tensor channels) => groups.mv(channels.flatten());
}
