using PUNet.Core.Common;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models;

public sealed class AdapterTests
{
    [Fact]
    public void Tuning_a_new_class_with_frozen_statistics_changes_nothing_but_its_adapter()
    {
        using var scope = NewDisposeScope();
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        Tune(network, 4);
        using var adapter = Adapter.Extract(network, AdaptationVariant.PromptTune, [4]);
        var changed = network.state_dict().Where(entry => !entry.Value.Equals(before[entry.Key])).Select(entry => entry.Key).ToList();
        Assert.Equal(adapter.Tensors.Keys.Order(), changed.Order());
    }

    [Fact]
    public void Taking_an_adapter_off_restores_earlier_classes_bit_by_bit_and_laying_it_on_the_new_class()
    {
        using var scope = NewDisposeScope();
        using var backbone = SmallNetworks.Network(SmallNetworks.Flat);
        using var tuned = SmallNetworks.Network(SmallNetworks.Flat);
        Tune(tuned, 4);
        using var adapter = Adapter.Extract(tuned, AdaptationVariant.PromptTune, [4]);
        var earlier = Predict(backbone, 1);
        using (adapter.ApplyTo(backbone)) Assert.Equal(0, (Predict(backbone, 4) - Predict(tuned, 4)).abs().max().item<float>());
        Assert.Equal(0, (Predict(backbone, 1) - earlier).abs().max().item<float>());
    }

    [Fact]
    public void An_adapter_of_trained_normalisations_carries_their_statistics()
    {
        using var network = SmallNetworks.Network(SmallNetworks.Flat with { FixedOutputChannels = 2 });
        using var adapter = Adapter.Extract(network, AdaptationVariant.TuneOutput, [1]);
        Assert.Equal(
            [
                "fixed_head.conv.bias", "fixed_head.conv.weight", "fixed_head.norm.bias", "fixed_head.norm.num_batches_tracked",
                "fixed_head.norm.running_mean", "fixed_head.norm.running_var", "fixed_head.norm.weight"],
            adapter.Tensors.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_missing_an_unexpected_and_a_misshapen_tensor_are_named_and_change_nothing()
    {
        using var scope = NewDisposeScope();
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        var before = Predict(network, 2);
        using var good = Adapter.Extract(network, AdaptationVariant.PromptTune, [2]);
        const string name = "prompts.similarity.2";
        var missing = good.Tensors.Where(entry => entry.Key != name).ToDictionary();
        var unexpected = good.Tensors.Append(new("stem.conv_first.weight", zeros(1))).ToDictionary();
        var misshapen = good.Tensors.ToDictionary(entry => entry.Key, entry => entry.Key == name ? zeros(3, 8) : entry.Value.add(1));
        Assert.Contains($"lack '{name}'", Failure(missing));
        Assert.Contains("have 'stem.conv_first.weight'", Failure(unexpected));
        Assert.Contains($"'{name}' has shape [3, 8], this network needs [4, 8]", Failure(misshapen));
        Assert.True(Predict(network, 2).Equals(before));

        string Failure(Dictionary<string, Tensor> tensors) =>
            Assert.Throws<CheckpointException>(() => Adapter.From(AdaptationVariant.PromptTune, [2], tensors).ApplyTo(network)).Message;
    }

    private static void Tune(PromptableUNet network, int newClass)
    {
        ParameterGroups.TrainOnly(network, ParameterGroups.Trained(network, AdaptationVariant.PromptTune, [newClass]));
        network.FreezeStatistics = true;
        network.train();
        network.forward(SmallNetworks.Image(), ActiveClasses.Same(2, newClass)).Logits.select(1, 1).sum().backward();
        using var noGradients = no_grad();
        foreach (var parameter in network.parameters().Where(parameter => parameter.requires_grad)) parameter.add_(0.1f);
        network.eval();
    }

    private static Tensor Predict(PromptableUNet network, int @class)
    {
        network.eval();
        using var noGradients = no_grad();
        return network.forward(SmallNetworks.Image(), ActiveClasses.Same(2, @class)).Logits;
    }
}
