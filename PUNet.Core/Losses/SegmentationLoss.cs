using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Losses;

/// <summary>The segmentation loss of a training: the focal loss (method.md, section 3) and, where it has a weight, the Dice loss beside it.</summary>
public sealed class SegmentationLoss
{
    private readonly FocalLoss _focal;
    private readonly double _diceWeight;
    private readonly IReadOnlyCollection<int> _frozen;

    /// <param name="focal">The focal loss.</param>
    /// <param name="diceWeight">Weight of the Dice loss; 0: none.</param>
    /// <param name="frozen">Labels of active classes whose voxels count as background.</param>
    public SegmentationLoss(FocalLoss focal, double diceWeight, IReadOnlyCollection<int>? frozen = null) =>
        (_focal, _diceWeight, _frozen) = (focal, diceWeight, frozen ?? []);

    /// <summary>The loss of a batch.</summary>
    /// <param name="logits">[B, 1 + n_active, H, W, D].</param>
    /// <param name="labels">Class labels [B, H, W, D], uint8 or int64.</param>
    /// <param name="active">The active classes of the B elements.</param>
    /// <param name="parts">Where each part of the loss is added under its name, without its weight.</param>
    /// <returns>The weighted sum, a scalar.</returns>
    public Tensor forward(Tensor logits, Tensor labels, ActiveClasses active, IDictionary<string, Tensor> parts)
    {
        var targets = SegmentationTargets.Build(labels, active, _frozen);
        var focal = Add(parts, "focal", _focal.forward(logits, targets, active));
        if (_diceWeight == 0) return focal;
        return focal.Plus(Add(parts, "dice", DiceLoss.forward(logits, targets, active, _frozen)).Times(_diceWeight));
    }

    private static Tensor Add(IDictionary<string, Tensor> parts, string name, Tensor loss)
    {
        parts[name] = parts.TryGetValue(name, out var earlier) ? earlier.Plus(loss) : loss;
        return loss;
    }
}
