using PUNet.Core.Common;
using PUNet.Core.Tests.Models;
using PUNet.Core.Training;
using PUNet.Core.Training.Optimisation;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training;

public sealed class PrecisionTests(PhantomWorkplace workplace) : IClassFixture<PhantomWorkplace>
{
    [Fact]
    public void Bfloat16_predicts_nearly_what_32_bits_do_and_gives_32_bit_gradients()
    {
        using var scope = NewDisposeScope();
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        network.eval();
        var exact = network.forward(SmallNetworks.Image(), ActiveClasses.Same(2, 3)).Logits;
        network.Precision = ComputePrecision.Bfloat16;
        var rounded = network.forward(SmallNetworks.Image(), ActiveClasses.Same(2, 3)).Logits;
        Assert.Equal(ScalarType.Float32, rounded.dtype);
        var difference = (rounded - exact).abs().max().item<float>();
        Assert.InRange(difference, 1e-7, 0.1); // similarities lie in [0, 1]; bfloat16 has 8 significant bits
        rounded.sum().backward();
        Assert.All(
            network.parameters().Where(parameter => parameter.grad is not null),
            parameter => Assert.Equal(ScalarType.Float32, parameter.grad!.dtype));
    }

    [Fact]
    public void A_training_in_bfloat16_learns_and_resumes_exactly()
    {
        var options = PhantomWorkplace.Pretraining with
        {
            Recipe = PhantomWorkplace.Pretraining.Recipe with
            {
                Precision = ComputePrecision.Bfloat16,
                Epochs = 4,
                BodyRate = 3e-3,
                PromptRate = 1e-2,
                AugmentationStrength = 0,
            },
        };
        var whole = workplace.Pretrain(options);
        var folders = workplace.New();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Pretraining.Run(
                options, workplace.Prepared, "cpu", folders, happening => { if (happening is StageEvent.Progress { Done: 4 }) stop.Cancel(); },
                stop.Token));
        Pretraining.Run(options, workplace.Prepared, "cpu", folders, _ => { }, default);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole, "backbone.safetensors")), File.ReadAllBytes(Path.Combine(folders.Output, "backbone.safetensors")));
        var focal = File.ReadAllLines(Path.Combine(whole, "training.jsonl"))
            .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("mean").GetProperty("focal").GetDouble()).ToList();
        Assert.True(focal[^1] < focal[0], string.Join(", ", focal));
    }

    [Fact]
    public void Float16_is_refused_on_a_cpu()
    {
        var error = Assert.Throws<ConfigurationException>(
            () => workplace.Pretrain(
                PhantomWorkplace.Pretraining with { Recipe = PhantomWorkplace.Pretraining.Recipe with { Precision = ComputePrecision.Float16 } }));
        Assert.Contains("precision Float16 needs a GPU", error.Message);
    }

    [Fact]
    public void A_scaled_loss_gives_the_step_of_the_unscaled_one_and_an_overflow_none()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(Stepped(ComputePrecision.Single, 3), Stepped(ComputePrecision.Float16, 3));
        Assert.Equal(1, Stepped(ComputePrecision.Float16, float.MaxValue));
    }

    [Fact]
    public void The_factor_halves_with_an_overflow_and_is_part_of_the_checkpoint()
    {
        using var scope = NewDisposeScope();
        using var scale = new LossScale(ComputePrecision.Float16);
        var (parameter, optimiser) = One();
        Step(scale, parameter.mul(float.MaxValue).sum(), optimiser);
        Assert.Equal(32768, Assert.Single(scale.State).Value[0].item<double>());
        Assert.Empty(new LossScale(ComputePrecision.Bfloat16).State);
    }

    [Fact]
    public void Gradients_that_overflow_without_any_scaling_are_a_divergence_and_not_skipped_for_ever()
    {
        using var scope = NewDisposeScope();
        using var scale = new LossScale(ComputePrecision.Float16);
        var (parameter, optimiser) = One();
        for (var factor = 65536; factor > 1; factor /= 2) Step(scale, InfinitelySteep(parameter), optimiser);
        var divergence = Assert.Throws<DivergenceException>(() => Step(scale, InfinitelySteep(parameter), optimiser));
        Assert.Contains("not all of its gradients are (loss 0)", divergence.Message);
        Assert.Contains("smaller rates (body_rate, prompt_rate), a smaller gradient_clip, precision Single instead of Float16", divergence.Message);
        Assert.Equal((1f, 0L), (parameter.item<float>(), optimiser.Steps));
    }

    [Theory]
    [InlineData(float.NaN, "its loss is not finite (loss NaN)")]
    [InlineData(float.PositiveInfinity, "its loss is not finite (loss Infinity)")]
    public void A_loss_that_is_not_finite_reaches_no_parameter_in_any_precision(float factor, string what)
    {
        using var scope = NewDisposeScope();
        foreach (var precision in Enum.GetValues<ComputePrecision>())
        {
            using var scale = new LossScale(precision);
            var (parameter, optimiser) = One();
            Assert.Contains(what, Assert.Throws<DivergenceException>(() => Step(scale, parameter.mul(factor).sum(), optimiser)).Message);
            Assert.Equal((1f, 0L, 0f), (parameter.item<float>(), optimiser.Steps, optimiser.Groups[0].Mean.item<float>()));
        }
    }

    [Fact]
    public void A_gradient_that_is_not_finite_below_a_finite_loss_reaches_no_parameter()
    {
        using var scope = NewDisposeScope();
        using var scale = new LossScale(ComputePrecision.Single);
        var (parameter, optimiser) = One();
        var divergence = Assert.Throws<DivergenceException>(() => Step(scale, InfinitelySteep(parameter), optimiser));
        Assert.Contains("not all of its gradients are", divergence.Message);
        Assert.Equal((1f, 0L), (parameter.item<float>(), optimiser.Steps));
    }

    /// <summary>√(x − 1) at 1: 0, and as steep as can be.</summary>
    private static Tensor InfinitelySteep(Tensor one) => one.sub(1).sqrt().sum();

    private static float Stepped(ComputePrecision precision, float slope)
    {
        using var scale = new LossScale(precision);
        var (parameter, optimiser) = One();
        Step(scale, parameter.mul(slope).sum(), optimiser);
        return parameter.item<float>();
    }

    private static void Step(LossScale scale, Tensor loss, FlatAdamW optimiser) =>
        scale.Step(loss, new Dictionary<string, Tensor> { ["loss"] = loss }, optimiser);

    private static (Parameter, FlatAdamW) One()
    {
        var parameter = new Parameter(ones(1));
        return (parameter, new FlatAdamW([("one", new FlatParameters([("one", parameter)]), 0.1)], 0));
    }
}
