using System.Text.Json;
using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Common;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Models.Published;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures.Architecture;

/// <summary>The network that a case of the kind "architecture" describes, with its weights, and what it computes of the case's input.</summary>
internal sealed class ArchitectureCase(FixtureCase fixture)
{
    /// <summary>Whether the case has gradients.</summary>
    public bool HasGradients => fixture.Tensors.ContainsKey("input.logits_cotangent");

    /// <summary>A network with the case's weights, in its mode; the caller disposes it.</summary>
    /// <param name="type">Float32, or Float64 for what it computes exactly.</param>
    /// <param name="change">What differs from the case, to see that it is noticed.</param>
    public PromptableUNet Network(ScalarType type, Func<PromptableUNetConfiguration, PromptableUNetConfiguration>? change = null)
    {
        var random = new RandomStream(0, "replaced by the stored weights");
        var network = (PromptableUNet)SegmentationNetwork.Build(
            (change ?? (same => same))(Configuration(fixture)), random, new NetworkPlace(CPU, type));
        NetworkState.RestorePublished(network, Weights(network));
        network.train(fixture.Json.GetProperty("mode").GetString() == "train");
        return network;
    }

    /// <summary>What a network computes of the case's image.</summary>
    public NetworkOutput forward(PromptableUNet network) => network.forward(
        fixture.Input("image").to(network.parameters().First().dtype), fixture.ActiveClasses(), PromptsInBlocks);

    /// <summary>Gradients of the case's scalar by published names, in double precision, after a forward pass; zero where none arrives.</summary>
    public IReadOnlyDictionary<string, Tensor> Gradients(PromptableUNet network, NetworkOutput output)
    {
        var (logits, embedding) = (output.Logits * fixture.Input("logits_cotangent"), output.Embedding * fixture.Input("embedding_cotangent"));
        (logits.sum() + 0.1 * embedding.sum()).backward();
        return ByPublishedName(network)
            .ToDictionary(entry => entry.Key, entry => (entry.Value.grad ?? zeros_like(entry.Value)).to(ScalarType.Float64));
    }

    /// <summary>The state of a network by published names.</summary>
    public static Dictionary<string, Tensor> ByPublishedName(PromptableUNet network) =>
        NetworkState.Of(network).Where(entry => !PublishedNames.CarriesNothing(entry.Key))
            .ToDictionary(entry => PublishedNames.Of(entry.Key), entry => entry.Value);

    /// <summary>Self-supervised passes, and adaptations with the fixed layer, use no prompts in the blocks.</summary>
    private bool PromptsInBlocks =>
        !fixture.Json.GetProperty("self_supervised_only").GetBoolean() && !ParameterGroups.UsesFixedHead(Variant);

    /// <summary>The case names it as the published implementation does.</summary>
    private AdaptationVariant Variant => fixture.Json.GetProperty("config").GetProperty("adaptation_variant").GetString() switch
    {
        "prompting" => AdaptationVariant.PromptTune,
        "full" => AdaptationVariant.FineTune,
        "fixed" => AdaptationVariant.TuneOutput,
        "decoder" => AdaptationVariant.TuneDecoder,
        "bias" => AdaptationVariant.TuneBiases,
        "adapter" => AdaptationVariant.TuneBottlenecks,
        "bias_prompting" => AdaptationVariant.TuneBiasesAndPrompts,
        var other => throw new InvalidOperationException($"The fixture names an unknown variant, {other}."),
    };

    /// <summary>The shared weights with the case's own laid over them; parts that this network does not have are left out.</summary>
    private Dictionary<string, Tensor> Weights(PromptableUNet network)
    {
        var weights = new Dictionary<string, Tensor>(fixture.LoadBeside(fixture.Json.GetProperty("weights").GetString()!));
        foreach (var name in fixture.Stored("state.")) weights[name] = fixture.Tensors["state." + name];
        var extra = fixture.Json.GetProperty("extra_state").EnumerateArray().Select(name => name.GetString()!).ToHashSet();
        var known = ByPublishedName(network).Keys.ToHashSet();
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
            BiasScores = Flag("bias_vit") ? BiasScores.Vit : Flag("no_bias_content") ? BiasScores.Pure
                : Flag("no_bias_instructions") ? BiasScores.ImageOnly : BiasScores.All,
            Placement = Flag("noninstructed_attention") ? PromptPlacement.End
                : Enum.Parse<PromptPlacement>(config.GetProperty("prompting_variant").GetString()!, ignoreCase: true),
            Aggregation = Flag("mean_aggregation") ? SimilarityAggregation.Mean
                : Flag("top_k_selection") ? SimilarityAggregation.TopThree : SimilarityAggregation.Softmax,
            UniqueTokenBias = Flag("unique_token_bias"),
            UniquePromptBias = Flag("unique_instruction_bias"),
            FixedOutputChannels = Flag("fixed_output") ? 1 + config.GetProperty("label_indices_max_active").GetInt32() : null,
            Bottlenecks = config.GetProperty("adaptation_variant").GetString() == "adapter",
        };

        bool Flag(string name) => config.GetProperty(name).GetBoolean();
    }

    private static Extent ToExtent(JsonElement sizes) => new(sizes[0].GetInt32(), sizes[1].GetInt32(), sizes[2].GetInt32());
}
