using System.Text.Json;
using PUNet.Core.Blocks;
using PUNet.Core.Common;
using PUNet.Core.Models;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures;

/// <summary>Whole networks with given weights: outputs, gradients and updated statistics.</summary>
public sealed class ArchitectureKind : IFixtureKind
{
    public string Kind => "architecture";

    public void Check(FixtureCase fixture)
    {
        set_num_threads(2); // stored gradients are as far from the exact ones as the tolerance allows: the order of sums must not vary
        using var network = new PromptableUNet(Configuration(fixture), new RandomStream(0, "replaced by the stored weights"));
        NetworkState.RestorePublished(network, Weights(fixture, network));
        network.train(fixture.Json.GetProperty("mode").GetString() == "train");
        var output = network.Forward(
            fixture.Input("image"), ActiveClasses.From(fixture.Input("active_classes")), WithoutPrompts(fixture));
        fixture.Expect("output.embedding", output.Embedding);
        fixture.Expect("output.logits", output.Logits);
        var state = NetworkState.Of(network).Where(entry => !PublishedNames.CarriesNothing(entry.Key)).ToDictionary(entry => PublishedNames.Of(entry.Key), entry => entry.Value);
        foreach (var name in Stored(fixture, "output.").Where(state.ContainsKey)) fixture.Expect("output." + name, state[name]);
        if (!fixture.Tensors.ContainsKey("input.logits_cotangent")) return;
        ((output.Logits * fixture.Input("logits_cotangent")).sum() + 0.1 * (output.Embedding * fixture.Input("embedding_cotangent")).sum()).backward();
        foreach (var name in Stored(fixture, "grad."))
            using (var gradient = state[name].grad ?? zeros_like(state[name])) fixture.Expect("grad." + name, gradient);
    }

    /// <summary>Self-supervised passes, and adaptations with the fixed layer, use no prompts in the blocks.</summary>
    private static bool WithoutPrompts(FixtureCase fixture) =>
        fixture.Json.GetProperty("self_supervised_only").GetBoolean()
        || ParameterGroups.UsesFixedHead(Enum.Parse<AdaptationVariant>(fixture.Json.GetProperty("config").GetProperty("adaptation_variant").GetString()!.Replace("_", ""), ignoreCase: true));

    private static IEnumerable<string> Stored(FixtureCase fixture, string prefix) =>
        fixture.Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]);

    /// <summary>The shared weights with the case's own laid over them; parts that this network does not have are left out.</summary>
    private static Dictionary<string, Tensor> Weights(FixtureCase fixture, PromptableUNet network)
    {
        var weights = new Dictionary<string, Tensor>(fixture.LoadBeside(fixture.Json.GetProperty("weights").GetString()!));
        foreach (var name in Stored(fixture, "state.")) weights[name] = fixture.Tensors["state." + name];
        var extra = fixture.Json.GetProperty("extra_state").EnumerateArray().Select(name => name.GetString()!).ToHashSet();
        var known = NetworkState.Of(network).Keys.Where(name => !PublishedNames.CarriesNothing(name)).Select(PublishedNames.Of).ToHashSet();
        return weights.Where(entry => extra.Contains(entry.Key) || known.Contains(entry.Key)).ToDictionary();
    }

    private static PromptableUNetConfiguration Configuration(FixtureCase fixture)
    {
        var config = fixture.Json.GetProperty("config");
        var students = config.GetProperty("patch_size_students").EnumerateArray().Select(ToExtent).ToArray();
        return new PromptableUNetConfiguration
        {
            InChannels = config.GetProperty("in_channels").GetInt32(),
            PoolSize = config.GetProperty("instruction_pool_size").GetInt32(),
            TokensPerClass = config.GetProperty("tokens_per_instruction").GetInt32(),
            Channels = [.. config.GetProperty("hidden_channels").EnumerateArray().Select(value => value.GetInt32())],
            Heads = config.GetProperty("attention_heads").GetInt32(),
            Window = ToExtent(config.GetProperty("attn_window_size")),
            StudentPatch = students[0],
            SecondStudentPatch = students[1],
            TeacherPatch = ToExtent(config.GetProperty("patch_size_teacher")),
            Semantics = fixture.Json.GetProperty("semantics").GetString() == "reference" ? AttentionSemantics.Reference : AttentionSemantics.Paper,
            BiasScores = Flag("bias_vit") ? BiasScores.Vit : Flag("no_bias_content") ? BiasScores.Pure : Flag("no_bias_instructions") ? BiasScores.ImageOnly : BiasScores.All,
            Placement = Flag("noninstructed_attention") ? PromptPlacement.End : Enum.Parse<PromptPlacement>(config.GetProperty("prompting_variant").GetString()!, ignoreCase: true),
            Aggregation = Flag("mean_aggregation") ? SimilarityAggregation.Mean : Flag("top_k_selection") ? SimilarityAggregation.TopThree : SimilarityAggregation.Softmax,
            UniqueTokenBias = Flag("unique_token_bias"),
            UniquePromptBias = Flag("unique_instruction_bias"),
            FixedOutputChannels = Flag("fixed_output") ? 1 + config.GetProperty("label_indices_max_active").GetInt32() : null,
            Adapters = config.GetProperty("adaptation_variant").GetString() == "adapter",
        };

        bool Flag(string name) => config.GetProperty(name).GetBoolean();
    }

    private static Extent ToExtent(JsonElement sizes) => new(sizes[0].GetInt32(), sizes[1].GetInt32(), sizes[2].GetInt32());
}
