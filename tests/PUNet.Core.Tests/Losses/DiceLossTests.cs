using PUNet.Core.Common;
using PUNet.Core.Losses;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Losses;

public sealed class DiceLossTests
{
    private static readonly ActiveClasses _active = new([[2, 4], [1, 3]]);

    [Fact]
    public void Equal_logits_give_the_closed_form()
    {
        // 32 voxels an element, p = 1/3 everywhere; class 2 is everywhere in its element, the other three nowhere
        using var scope = NewDisposeScope();
        var targets = stack([ones(4, 8, 1, dtype: ScalarType.Int64), zeros(4, 8, 1, dtype: ScalarType.Int64)]);
        var present = (2 * 32.0 / 3 + 1) / (32.0 / 3 + 32 + 1);
        var absent = 1 / (32.0 / 3 + 1);
        Assert.Equal(1 - (present + 3 * absent) / 4, Of(zeros(new long[] { 2, 3, 4, 8, 1 }), targets).item<float>(), 1e-5);
    }

    [Fact]
    public void A_perfect_segmentation_costs_nothing()
    {
        using var scope = NewDisposeScope();
        var (_, targets) = Example();
        var certain = nn.functional.one_hot(targets, 3).permute(0, 4, 1, 2, 3).to_type(ScalarType.Float32) * 60;
        Assert.Equal(0, Of(certain, targets).item<float>(), 1e-5f);
    }

    [Fact]
    public void A_class_is_summed_over_all_crops_in_which_it_is_active()
    {
        using var scope = NewDisposeScope();
        var (logits, targets) = Example();
        var same = ActiveClasses.Same(2, 1, 2);
        var side = DiceLoss.forward(logits, targets, same);
        var joined = cat([logits[0], logits[1]], 1).unsqueeze(0);
        var joinedTargets = cat([targets[0], targets[1]], 0).unsqueeze(0);
        Assert.Equal(DiceLoss.forward(joined, joinedTargets, ActiveClasses.Same(1, 1, 2)).item<float>(), side.item<float>(), 1e-6f);
    }

    [Fact]
    public void Gradients_agree_with_differences()
    {
        using var scope = NewDisposeScope();
        var (logits, targets) = Example();
        logits.requires_grad_();
        Of(logits, targets).backward();
        var direction = randn_like(logits);
        double Along(double step) => Of(logits.detach() + step * direction, targets).item<float>();
        Assert.Equal((Along(1e-2) - Along(-1e-2)) / 2e-2, (logits.grad! * direction).sum().item<float>(), 2e-4);
    }

    [Fact]
    public void Voxels_that_nobody_annotated_take_no_part()
    {
        using var scope = NewDisposeScope();
        var (logits, targets) = Example();
        targets.narrow(1, 0, 2).fill_(-1);
        var other = logits.clone();
        other.narrow(2, 0, 2).normal_();
        Assert.Equal(Of(logits, targets).item<float>(), Of(other, targets).item<float>());
    }

    [Fact]
    public void A_frozen_class_has_no_term()
    {
        using var scope = NewDisposeScope();
        var (logits, targets) = Example();
        var all = ActiveClasses.Same(2, 1, 2);
        targets.masked_fill_(targets.eq(1), 0); // its voxels count as background
        var without = DiceLoss.forward(logits, targets, all, [1]);
        // class 2 alone: the mean of both has half of each
        var both = DiceLoss.forward(logits, targets, all).item<float>();
        var first = DiceLoss.forward(logits, targets, all, [2]).item<float>();
        Assert.Equal(2 * both - first, without.item<float>(), 1e-5f);
        Assert.Equal(0, DiceLoss.forward(logits, targets, all, [1, 2]).item<float>());
    }

    [Fact]
    public void The_segmentation_loss_is_the_focal_loss_and_the_weighted_dice_loss()
    {
        using var scope = NewDisposeScope();
        var (logits, _) = Example();
        var labels = randint(0, 5, new long[] { 2, 4, 8, 1 }, ScalarType.Byte);
        var parts = new Dictionary<string, Tensor>();
        var loss = new SegmentationLoss(new FocalLoss(), 0.5).forward(logits, labels, _active, parts);
        Assert.Equal(["focal", "dice"], parts.Keys);
        Assert.Equal(parts["focal"].item<float>() + 0.5f * parts["dice"].item<float>(), loss.item<float>(), 1e-6f);
        Assert.Equal(Of(logits, SegmentationTargets.Build(labels, _active)).item<float>(), parts["dice"].item<float>());
        parts.Clear();
        new SegmentationLoss(new FocalLoss(), 0).forward(logits, labels, _active, parts);
        Assert.Equal(["focal"], parts.Keys);
    }

    private static Tensor Of(Tensor logits, Tensor targets) => DiceLoss.forward(logits, targets, _active);

    private static (Tensor Logits, Tensor Targets) Example()
    {
        using var generator = new RandomStream(5, "dice").TorchGenerator();
        return (randn([2, 3, 4, 8, 1], generator: generator), randint(0, 3, [2, 4, 8, 1], ScalarType.Int64, generator: generator));
    }
}
