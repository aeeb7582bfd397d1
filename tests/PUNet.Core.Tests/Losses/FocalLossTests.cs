using PUNet.Core.Common;
using PUNet.Core.Losses;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Losses;

public sealed class FocalLossTests
{
    private static readonly ActiveClasses _active = new([[2, 4], [1, 3]]);

    [Fact]
    public void Without_gamma_and_class_weights_it_is_cross_entropy()
    {
        var (logits, targets) = Example();
        using var loss = new FocalLoss(new FocalLossOptions { Gamma = 0 }).forward(logits, targets, _active);
        Assert.Equal(nn.functional.cross_entropy(logits, targets).item<float>(), loss.item<float>(), 1e-5f);
    }

    [Fact]
    public void Equal_logits_give_the_closed_form()
    {
        using var loss = new FocalLoss().forward(zeros(new long[] { 2, 3, 4, 4, 1 }), ones(2, 4, 4, 1, dtype: ScalarType.Int64), _active);
        Assert.Equal(Math.Pow(2.0 / 3, 4) * Math.Log(3), loss.item<float>(), 1e-6);
    }

    [Fact]
    public void Alpha_is_chosen_by_the_label_of_the_active_class_not_by_its_channel()
    {
        var options = new FocalLossOptions { Gamma = 0, BackgroundAlpha = 0.5, ForegroundAlpha = 1 };
        var targets = stack([full(4, 4, 1, 2L), full(4, 4, 1, 0L)]); // class 4 in the first element, background in the second
        using var loss = new FocalLoss(options, [0, 1, 2, 3, 4]).forward(zeros(new long[] { 2, 3, 4, 4, 1 }), targets, _active);
        Assert.Equal((5 + 0.5) / 2 * Math.Log(3), loss.item<float>(), 1e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    [InlineData(4)]
    public void Gradients_agree_with_differences(double gamma)
    {
        var (logits, targets) = Example();
        var focal = new FocalLoss(new FocalLossOptions { Gamma = gamma }, ClassBalance.CtOrg);
        logits.requires_grad_();
        using var loss = focal.forward(logits, targets, _active);
        loss.backward();
        var direction = randn_like(logits);
        double Along(double step) => focal.forward(logits.detach() + step * direction, targets, _active).item<float>();
        Assert.Equal((Along(1e-2) - Along(-1e-2)) / 2e-2, (logits.grad! * direction).sum().item<float>(), 2e-4);
    }

    [Fact]
    public void Voxels_that_nobody_annotated_take_no_part_in_loss_and_gradients()
    {
        var (logits, _) = Example();
        var labels = tensor(Enumerable.Range(0, (int)(logits.numel() / logits.shape[1])).Select(i => (byte)(i % 5)).ToArray())
            .reshape([logits.shape[0], .. logits.shape[2..]]);
        labels.narrow(1, 0, 2).fill_(IgnoredLabel.Value);
        using var targets = SegmentationTargets.Build(labels, _active);
        logits.requires_grad_();
        using var loss = new FocalLoss().forward(logits, targets, _active);
        loss.backward();
        var rest = logits.shape[2] - 2;
        using var expected = new FocalLoss().forward(logits.detach().narrow(2, 2, rest), targets.narrow(1, 2, rest), _active);
        Assert.Equal(expected.item<float>(), loss.item<float>(), 1e-6f);
        Assert.Equal(0f, logits.grad!.narrow(2, 0, 2).abs().max().item<float>());
        Assert.NotEqual(0f, logits.grad!.narrow(2, 2, rest).abs().max().item<float>());
        using var nothing = new FocalLoss().forward(logits.detach(), full_like(targets, -1), _active);
        Assert.Equal(0f, nothing.item<float>());
    }

    [Fact]
    public void Hopeless_voxels_cost_a_bounded_amount_and_never_give_NaN()
    {
        var logits = zeros(new long[] { 2, 3, 2, 2, 1 });
        logits.narrow(1, 1, 1).fill_(1e6);
        logits.requires_grad_();
        using var loss = new FocalLoss().forward(logits, zeros(2, 2, 2, 1, dtype: ScalarType.Int64), _active);
        loss.backward();
        Assert.Equal(1000, loss.item<float>(), 1e-3);
        Assert.True(logits.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void What_is_not_active_counts_as_background()
    {
        var labels = tensor(new byte[] { 0, 1, 2, 3, 4, 9, 2, 0 }).reshape(2, 2, 2, 1);
        foreach (var dtype in new[] { ScalarType.Byte, ScalarType.Int64 })
        {
            using var targets = SegmentationTargets.Build(labels.to_type(dtype), new ActiveClasses([[2, 3], [2, 4]]));
            Assert.Equal([0, 0, 1, 2, 2, 0, 1, 0], targets.data<long>().ToArray());
        }
    }

    [Fact]
    public void Active_classes_of_another_batch_or_number_are_refused()
    {
        var labels = zeros(2, 2, 2, 1, dtype: ScalarType.Byte);
        string Targets(ActiveClasses active) => Assert.Throws<ArgumentException>(() => SegmentationTargets.Build(labels, active)).Message;
        Assert.StartsWith("Active classes are given for 1 elements of a batch of 2.", Targets(ActiveClasses.Same(1, 1)));
        var (logits, targets) = Example();
        string Loss(ActiveClasses active) => Assert.Throws<ArgumentException>(() => new FocalLoss().forward(logits, targets, active)).Message;
        Assert.StartsWith("Logits of 2 elements with 3 channels need 2 active classes per element; given are [1], [3].", Loss(new([[1], [3]])));
        Assert.StartsWith(
            "Logits of 2 elements with 3 channels need 2 active classes per element; given are [1, 2].", Loss(ActiveClasses.Same(1, 1, 2)));
    }

    [Fact]
    public void A_class_without_its_weight_is_refused()
    {
        var (logits, targets) = Example();
        var focal = new FocalLoss(additive: [0, 1, 1]);
        Assert.StartsWith(
            "Class 4 has no additive alpha: 3 entries", Assert.Throws<ArgumentException>(() => focal.forward(logits, targets, _active)).Message);
        Assert.Throws<ConfigurationException>(() => new FocalLoss(new FocalLossOptions { Gamma = -1 }));
    }

    [Fact]
    public void Rare_classes_get_large_weights()
    {
        var additive = ClassBalance.Additive([[100, 10, 1, 0], [200, 60, 2, 0]], factor: 0.01);
        Assert.Equal(0, additive[0]);
        Assert.Equal(0.01 / ((0.1 + 0.3) / 2), additive[1], 1e-12);
        Assert.Equal(0.01 / 0.01, additive[2], 1e-12);
        Assert.Equal(0, additive[3]);
        Assert.Throws<ArgumentException>(() => ClassBalance.Additive([[1, 2], [1, 2, 3]], 1));
    }

    private static (Tensor Logits, Tensor Targets) Example()
    {
        using var generator = new RandomStream(2, "focal").TorchGenerator();
        return (randn([2, 3, 5, 4, 2], generator: generator), randint(0, 3, [2, 5, 4, 2], ScalarType.Int64, generator: generator));
    }
}
