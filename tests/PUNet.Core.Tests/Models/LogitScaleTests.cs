using PUNet.Core.Common;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models;

public sealed class LogitScaleTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Logits_are_the_scaled_similarities_whether_the_scale_is_fixed_or_learned(bool learned)
    {
        using var scope = NewDisposeScope();
        using var plain = SmallNetworks.Network(SmallNetworks.Flat);
        using var scaled = SmallNetworks.Network(SmallNetworks.Flat with { LogitScale = 8, LearnedLogitScale = learned });
        var (similarities, logits) = (Predict(plain), Predict(scaled));
        Assert.InRange((logits - similarities * 8).abs().max().item<float>(), 0, 1e-5f);
    }

    [Fact]
    public void A_learned_scale_follows_its_gradient_belongs_to_the_body_and_never_exceeds_its_highest()
    {
        using var scope = NewDisposeScope();
        using var network = SmallNetworks.Network(SmallNetworks.Flat with { LogitScale = 8, LearnedLogitScale = true });
        var scale = ParameterGroups.Of(network).Single(parameter => parameter.Name == "logit_scale.logarithm");
        Assert.Equal(ParameterRole.Body, scale.Role);
        Assert.Contains(scale.Name, ParameterGroups.Trained(network, AdaptationVariant.FineTune, [1]).Select(parameter => parameter.Name));
        Assert.DoesNotContain(scale.Name, ParameterGroups.Trained(network, AdaptationVariant.PromptTune, [1]).Select(parameter => parameter.Name));
        var logits = Predict(network);
        logits.sum().backward();
        Assert.Equal(logits.sum().item<float>(), scale.Value.grad!.item<float>(), 1e-3f * Math.Abs(logits.sum().item<float>())); // d/dx e^x = e^x
        using (no_grad()) scale.Value.fill_(50);
        using var plain = SmallNetworks.Network(SmallNetworks.Flat);
        Assert.InRange((Predict(network) - Predict(plain) * 100).abs().max().item<float>(), 0, 1e-3f);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(101.0)]
    public void A_scale_that_is_not_positive_or_too_large_is_refused(double scale) =>
        Assert.Equal("logit_scale", Assert.Single(new PromptableUNetConfiguration { LogitScale = scale }.Faults()).Settings[0]);

    private static Tensor Predict(PromptableUNet network)
    {
        network.eval();
        return network.forward(SmallNetworks.Image(1), ActiveClasses.Same(2, 1, 3)).Logits;
    }
}
