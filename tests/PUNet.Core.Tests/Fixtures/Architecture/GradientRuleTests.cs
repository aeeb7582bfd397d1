using PUNet.Core.Blocks.Windows;
using PUNet.Core.Models.Promptable;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures.Architecture;

/// <summary>Faults that a network's gradients must give away, each in one place.</summary>
public sealed class GradientRuleTests
{
    [Fact]
    public void A_wrong_sign_of_one_bias_score_is_noticed() => AssertNoticed(
        "paper_2d_padded_train_grads", weights => Scale(weights, "sia_res_blocks.2.sia.attention_scores.0.weights_content_h", -1));

    [Fact]
    public void A_missing_scale_of_one_attention_is_noticed()
    {
        const string Query = "sia_up_blocks.1.sia.msa_blocks.1.attention.to_q.weight";
        AssertNoticed("ref_2d_padded_train_grads", weights => Scale(weights, Query, Math.Sqrt(weights[Query].shape[0] / 4.0))); // four heads
    }

    [Theory]
    [InlineData("paper_3d_padded_grads", ShiftMask.MultiplicativeInverted)]
    [InlineData("ref_2d_padded_train_grads", ShiftMask.AdditiveExclusion)]
    public void Another_mask_is_noticed(string name, ShiftMask mask) => AssertNoticed(
        name, change: configuration => configuration with { Semantics = configuration.Semantics with { ShiftMask = mask } });

    [Fact]
    public void A_gradient_that_is_off_by_a_thousandth_or_not_a_number_is_noticed_and_roundings_are_not()
    {
        using var scope = NewDisposeScope();
        var large = linspace(1, 100, 50, ScalarType.Float64);
        var exact = new Dictionary<string, Tensor> { ["large"] = large, ["small"] = large * 1e-2, ["none"] = large * 0 };
        Assert.InRange(Ratio("small", exact["small"] * 1.001), 2, double.PositiveInfinity);
        Assert.Equal(double.PositiveInfinity, Ratio("large", exact["large"] * double.NaN));
        Assert.InRange(Ratio("large", exact["large"].to(ScalarType.Float32)), 0, 0.01);
        Assert.InRange(Ratio("none", exact["large"] * 1e-7), 0, 1); // what is left where terms of the size of others cancel
        Assert.InRange(Ratio("none", exact["large"] * 1e-6), 2, double.PositiveInfinity);

        double Ratio(string name, Tensor gradient) =>
            Assert.Single(GradientRule.Deviations(new Dictionary<string, Tensor> { [name] = gradient }, exact)).Ratio;
    }

    /// <summary>Without a fault the stored gradients pass (the fixture's own test); with it at least one does not.</summary>
    private static void AssertNoticed(
        string name, Action<Dictionary<string, Tensor>>? fault = null, Func<PromptableUNetConfiguration, PromptableUNetConfiguration>? change = null)
    {
        using var scope = NewDisposeScope();
        var fixture = Fixture(name);
        var stored = fixture.Stored("grad.").ToDictionary(gradient => gradient, gradient => fixture.Tensors["grad." + gradient]);
        var architecture = new ArchitectureCase(fixture);
        using var network = architecture.Network(ScalarType.Float32, change);
        fault?.Invoke(ArchitectureCase.ByPublishedName(network));
        var gradients = architecture.Gradients(network, architecture.forward(network));
        Assert.Contains(GradientRule.Deviations(stored, gradients), deviation => deviation.Ratio > 10);
    }

    private static void Scale(Dictionary<string, Tensor> weights, string name, double factor)
    {
        using var noGradients = no_grad();
        weights[name].mul_(factor);
    }

    private static FixtureCase Fixture(string name) => new(Path.Combine(RepositoryFolders.Fixtures, "architecture", name + ".json"));
}
