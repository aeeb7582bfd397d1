using PUNet.Core.Common;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Tests.Models.Baselines;

namespace PUNet.Core.Tests.Models;

public sealed class ParameterGroupsTests
{
    [Fact]
    public void The_papers_2d_network_has_exactly_the_papers_numbers_of_parameters()
    {
        using var network = SmallNetworks.Network(NetworkPresets.Paper2d);
        var all = ParameterGroups.Of(network);
        var classOne = all.Where(parameter => parameter.Class == 1);
        Assert.Equal(6_758_304, ParameterGroups.Count(all.Where(parameter => parameter.Role == ParameterRole.Body)));
        Assert.Equal(43_520, ParameterGroups.Count(classOne.Where(parameter => parameter.Role == ParameterRole.PromptTokens)));
        Assert.Equal(57_344, ParameterGroups.Count(ParameterGroups.Trained(network, AdaptationVariant.PromptTune, [1])));
    }

    [Fact]
    public void Prompting_trains_the_new_classes_tokens_and_bias_tables_and_every_prompt_weight()
    {
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        var names = Names(network, AdaptationVariant.PromptTune, 2, 4);
        var expected = network.state_dict().Keys.Where(name =>
            name.EndsWith(".prompt_weight")
                || ((name.StartsWith("prompts.") || name.Contains(".prompt_table.")) && (name.EndsWith(".2") || name.EndsWith(".4"))));
        Assert.Equal(expected.Order(), names.Order());
        Assert.Equal(18 + 2 * (19 + 18), names.Count);
    }

    [Fact]
    public void Full_trains_everything_but_other_classes_prompts()
    {
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        var frozen = ParameterGroups.Of(network).Select(parameter => parameter.Name).Except(Names(network, AdaptationVariant.FineTune, 3)).ToList();
        Assert.All(frozen, name => Assert.Matches(@"^(prompts\.|.*\.prompt_table\.)(.*\.)?[0124]$", name));
        Assert.Equal(4 * (19 + 18), frozen.Count);
    }

    [Theory]
    [InlineData(AdaptationVariant.TuneOutput, @"^fixed_head\.")]
    [InlineData(AdaptationVariant.TuneDecoder, @"^(fixed_head|decoder)\.(?!.*prompt_)")]
    [InlineData(AdaptationVariant.TuneBiases, @"^(fixed_head\..*|(?!.*adapter_)(?!prompts).*(\.bias|norm[a-z_]*\.weight))$")]
    [InlineData(AdaptationVariant.TuneBottlenecks, @"^fixed_head\.|\.adapter_")]
    [InlineData(AdaptationVariant.TuneNorms, @"^fixed_head\.|norm[a-z_]*\.(weight|bias)$")]
    [InlineData(AdaptationVariant.TuneLowRank, @"^fixed_head\.|\.attention\.(query|key|value|output)\.low_rank\.|\.conv_skip\.low_rank\.")]
    public void Variants_with_the_fixed_layer_train_exactly_their_row_of_the_table(AdaptationVariant variant, string pattern)
    {
        using var network = SmallNetworks.Network(SmallNetworks.Flat.AdaptedBy(variant, 1));
        var expected = network.named_parameters().Select(item => item.name)
            .Where(name => System.Text.RegularExpressions.Regex.IsMatch(name, pattern));
        Assert.Equal(expected.Order(), Names(network, variant, 1).Order());
    }

    /// <summary>Told by the modules' types, where the variant goes by their names.</summary>
    [Theory]
    [InlineData("promptable")]
    [InlineData("unet")]
    [InlineData("unetr")]
    [InlineData("swin_unetr")]
    public void Tuning_the_normalisations_trains_those_of_every_architecture_and_the_output_layer_alone(string architecture)
    {
        NetworkConfiguration own = SmallBaselines.All.TryGetValue(architecture, out var baseline) ? baseline : SmallNetworks.Flat;
        using var network = SegmentationNetwork.Build(own.AdaptedBy(AdaptationVariant.TuneNorms, 1), new RandomStream(1, "norms"));
        var trained = ParameterGroups.Trained(network, AdaptationVariant.TuneNorms, [1]);
        var norms = network.named_modules().Where(item => item.module is TorchSharp.Modules.NormBase or TorchSharp.Modules.LayerNorm)
            .SelectMany(item => item.module.named_parameters().Select(parameter => $"{item.name}.{parameter.name}")).ToHashSet();
        var expected = ParameterGroups.Of(network).Where(parameter =>
            parameter.Role == ParameterRole.FixedHead || (parameter.Role == ParameterRole.Body && norms.Contains(parameter.Name)));
        Assert.Equal(expected.Select(parameter => parameter.Name).Order(), trained.Select(parameter => parameter.Name).Order());
        Assert.Contains(trained, parameter => parameter.Role == ParameterRole.Body);
    }

    [Fact]
    public void Bias_prompting_is_bias_and_prompting_together()
    {
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        using var withHead = SmallNetworks.Network(SmallNetworks.Flat with { FixedOutputChannels = 2 });
        var expected = Names(withHead, AdaptationVariant.TuneBiases, 1).Where(name => !name.StartsWith("fixed_head"))
            .Concat(Names(network, AdaptationVariant.PromptTune, 1));
        Assert.Equal(expected.Order(), Names(network, AdaptationVariant.TuneBiasesAndPrompts, 1).Order());
    }

    [Fact]
    public void Only_the_trained_parameters_get_gradients()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        var trained = ParameterGroups.Trained(network, AdaptationVariant.PromptTune, [3]);
        ParameterGroups.TrainOnly(network, trained);
        network.forward(SmallNetworks.Image(), ActiveClasses.Same(2, 3)).Logits.square().sum().backward();
        var withGradient = network.named_parameters().Where(item => item.parameter.grad is not null).Select(item => item.name);
        Assert.Equal(trained.Select(parameter => parameter.Name).Order(), withGradient.Order());
    }

    [Fact]
    public void A_class_outside_the_pools_and_a_missing_head_are_refused()
    {
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        Assert.Contains(
            "the prompt pool is too small for the dataset",
            Assert.Throws<ArgumentException>(() => ParameterGroups.Trained(network, AdaptationVariant.PromptTune, [5])).Message);
        Assert.Contains(
            "tuneDecoder needs the fixed output layer",
            Assert.Throws<ArgumentException>(() => ParameterGroups.Trained(network, AdaptationVariant.TuneDecoder, [1])).Message);
        using var withHead = SmallNetworks.Network(SmallNetworks.Flat with { FixedOutputChannels = 2 });
        Assert.Contains(
            "tuneLowRank needs a network with low-rank updates",
            Assert.Throws<ArgumentException>(() => ParameterGroups.Trained(withHead, AdaptationVariant.TuneLowRank, [1])).Message);
    }

    private static List<string> Names(PromptableUNet network, AdaptationVariant variant, params int[] classes) =>
        [.. ParameterGroups.Trained(network, variant, classes).Select(parameter => parameter.Name)];
}
