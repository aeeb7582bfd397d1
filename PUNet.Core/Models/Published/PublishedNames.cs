using System.Text.RegularExpressions;

namespace PUNet.Core.Models.Published;

/// <summary>
/// Translates the names of a network's state to those of the published implementation and back. That implementation counts
/// decoder levels from the deepest, and keeps index tables and a counter in its state which carry no information.
/// </summary>
public static partial class PublishedNames
{
    private const int DeepestDecoderLevel = 3;
    private const string Token = "instruction_tokens.instructions";

    private static readonly (string Ours, string Published)[] _stem =
    [
        ("stem.conv_first.", "encoding_res_blocks.0.conv1.conv."),
        ("stem.norm_first.", "encoding_res_blocks.0.norm1."),
        ("stem.conv_second.", "encoding_res_blocks.0.conv2.conv."),
        ("stem.norm_second.", "encoding_res_blocks.0.norm2."),
        ("stem.conv_skip.", "encoding_res_blocks.0.conv3.conv."),
        ("stem.norm_skip.", "encoding_res_blocks.0.norm3."),
        ("position_code.code", "vit_pos_bias_content"),
        ("fixed_head.norm.", "norm_fixed."),
        ("fixed_head.conv.", "conv_fixed."),
    ];

    private static readonly (string Ours, string Published)[] _encoder =
        [("norm.", "norm."), ("conv.", "conv.conv."), ("norm_skip.", "norm_res."), ("conv_skip.", "conv_res.conv.")];

    private static readonly (string Ours, string Published)[] _decoder = [("norm.", "norm_concat."), ("conv.", "conv_concat.conv.")];

    private static readonly (string Ours, string Published)[] _block =
    [
        ("norm.", "attention_norm."),
        ("attention.query.", "attention.to_q."),
        ("attention.key.", "attention.to_k."),
        ("attention.value.", "attention.to_v."),
        ("attention.output.", "attention.to_out."),
        ("linear_norm.", "mlp_norm."),
        ("linear.", "mlp."),
        ("adapter_down.", "linear_down."),
        ("adapter_up.", "linear_up."),
    ];

    private static readonly (string Ours, string Published)[] _scores =
    [
        ("height_table", "encoding_content_h"),
        ("width_table", "encoding_content_w"),
        ("depth_table", "encoding_content_d"),
        ("height_weight", "weights_content_h"),
        ("width_weight", "weights_content_w"),
        ("depth_weight", "weights_content_d"),
        ("prompt_weight", "weights_cross_inst_content"),
        ("prompt_table.", "encoding_cross_inst_content."),
    ];

    /// <summary>The published name of a tensor of our state.</summary>
    /// <exception cref="ArgumentException">No such tensor exists in a prompt-able UNet.</exception>
    public static string Of(string ours)
    {
        if (Prompts().Match(ours) is { Success: true } prompts) return OfPrompts(prompts);
        if (ours.StartsWith("prompts.similarity.", StringComparison.Ordinal))
            return $"instruction_pool.{Token}.{ours["prompts.similarity.".Length..]}";
        if (Level().Match(ours) is not { Success: true } level) return Replace(_stem, ours) ?? throw Unknown(ours);
        var decodes = level.Groups["part"].Value == "decoder";
        var index = int.Parse(level.Groups["level"].Value);
        var prefix = decodes ? $"sia_up_blocks.{DeepestDecoderLevel - index}." : $"sia_res_blocks.{index}.";
        var rest = level.Groups["rest"].Value;
        if (Block().Match(rest) is not { Success: true } block) return prefix + (Replace(decodes ? _decoder : _encoder, rest) ?? throw Unknown(ours));
        var half = block.Groups["half"].Value == "windowed" ? 0 : 1;
        var name = block.Groups["rest"].Value;
        const string scores = "bias_scores.";
        return name.StartsWith(scores, StringComparison.Ordinal)
            ? $"{prefix}sia.attention_scores.{half}.{Replace(_scores, name[scores.Length..]) ?? throw Unknown(ours)}"
            : $"{prefix}sia.msa_blocks.{half}.{Replace(_block, name) ?? throw Unknown(ours)}";
    }

    /// <summary>Whether a published tensor carries no information: index tables, batch counters, and the unused prompt position code.</summary>
    public static bool CarriesNothing(string published) =>
        published.Contains(".relative_distances_", StringComparison.Ordinal)
        || published.EndsWith(".num_batches_tracked", StringComparison.Ordinal)
        || published == "vit_pos_bias_instructions";

    private static string OfPrompts(Match prompts)
    {
        var half = prompts.Groups["half"].Value == "windowed" ? 0 : 1;
        var level = int.Parse(prompts.Groups["level"].Value);
        var pool = prompts.Groups["part"].Value == "decoder"
            ? $"sia_up_instruction_blocks_v2.{2 * (DeepestDecoderLevel - level) + half}"
            : $"sia_res_instruction_blocks_v2.{2 * level + half}";
        return $"{pool}.{Token}.{prompts.Groups["class"].Value}";
    }

    private static string? Replace((string Ours, string Published)[] table, string name)
    {
        foreach (var (ours, published) in table)
            if (name.StartsWith(ours, StringComparison.Ordinal)) return published + name[ours.Length..];
        return null;
    }

    private static ArgumentException Unknown(string name) => new($"A prompt-able UNet has no tensor '{name}'.", nameof(name));

    [GeneratedRegex(@"^prompts\.(?<part>encoder|decoder)\.(?<level>\d+)\.(?<half>windowed|shifted)\.(?<class>\d+)$")]
    private static partial Regex Prompts();

    [GeneratedRegex(@"^(?<part>encoder|decoder)\.(?<level>\d+)\.(?<rest>.+)$")]
    private static partial Regex Level();

    [GeneratedRegex(@"^block\.(?<half>windowed|shifted)\.(?<rest>.+)$")]
    private static partial Regex Block();
}
