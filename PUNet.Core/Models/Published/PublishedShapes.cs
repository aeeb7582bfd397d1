using PUNet.Core.Common;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Models.Published;

/// <summary>What the shapes of a published network's tensors tell about its configuration; null where nothing tells it.</summary>
/// <param name="shapes">Shapes by published name.</param>
internal sealed class PublishedShapes(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes)
{
    private const int Levels = 5;
    private const string Stem = "encoding_res_blocks.0.conv1.conv.weight";
    private const string Scores = "sia_res_blocks.0.sia.attention_scores.0.";
    private const string PromptTable = Scores + "encoding_cross_inst_content.";
    private const string LastPool = "instruction_pool.instruction_tokens.instructions.";

    /// <summary>Whether these are the tensors of a prompt-able UNet at all.</summary>
    public bool IsNetwork => shapes.ContainsKey(Stem) && Enumerable.Range(0, Levels).All(level => shapes.ContainsKey(Convolution(level)));

    public Evidence<int>? InChannels => Size(Stem, 1);

    public Evidence<int>? PoolSize => HasPools ? Count(LastPool) : Count(PromptTable) is { Value: > 1 } tables ? tables : null;

    public Evidence<int>? TokensPerClass => HasPools ? Size(LastPool + "0", 0) : Size(PromptTable + "0", 0) is { Value: > 1 } rows ? rows : null;

    public Evidence<int>? Heads => Size(Scores + "weights_content_h", 0) ?? Size(Scores + "weights_cross_inst_content", 0);

    /// <summary>Outputs of the fixed layer.</summary>
    public Evidence<int>? FixedOutputs => Size("conv_fixed.weight", 0);

    public bool HasBottlenecks => shapes.Keys.Any(name => name.Contains(".linear_down.", StringComparison.Ordinal));

    public bool HasPools => shapes.ContainsKey(LastPool + "0");

    public bool HasContentTables => shapes.ContainsKey(Scores + "encoding_content_h");

    public bool HasPromptTables => shapes.ContainsKey(PromptTable + "0");

    /// <summary>Positions of the ViT position code.</summary>
    public Evidence<int>? CodePositions => Size("vit_pos_bias_content", 1);

    public IReadOnlyList<Evidence<int>?> Channels => [.. Enumerable.Range(0, Levels).Select(level => Size(Convolution(level), 0))];

    /// <summary>Kernels in depth of the encoder's levels, which follow from the student's patch.</summary>
    public IReadOnlyList<Evidence<int>?> DepthKernels => [.. Enumerable.Range(0, Levels).Select(level => Size(Convolution(level), 4))];

    /// <summary>The configured window: a table has 2w − 1 rows.</summary>
    public Evidence<Extent>? Window
    {
        get
        {
            var rows = new[] { "h", "w", "d" }.Select(axis => Size($"{Scores}encoding_content_{axis}", 0)).ToArray();
            return rows.Any(row => row is null)
                ? null
                : new(
                    Extent.From(axis => (rows[axis]!.Value + 1) / 2),
                    $"'{Scores}encoding_content_{{h,w,d}}' have {string.Join(", ", rows.Select(row => row!.Value))} rows, "
                    + $"so {Extent.From(axis => (rows[axis]!.Value + 1) / 2)}");
        }
    }

    /// <summary>Whether each class has bias tables of its own.</summary>
    public Evidence<bool>? UniquePromptBias => Count(PromptTable) is { } tables ? new(tables.Value > 1, tables.Source) : null;

    /// <summary>Whether each token has a row of its own in the bias tables.</summary>
    public Evidence<bool>? UniqueTokenBias => Size(PromptTable + "0", 0) is { } rows ? new(rows.Value > 1, rows.Source) : null;

    /// <summary>Where there are prompt pools, told by which ones exist.</summary>
    public Evidence<PromptPlacement>? Placement
    {
        get
        {
            if (!HasPools) return null;
            var (first, deeper, decoder) = (HasPool("sia_res", 0), HasPool("sia_res", 2), HasPool("sia_up", 0));
            var placement = (first, deeper, decoder) switch
            {
                (true, true, true) => PromptPlacement.Full,
                (true, true, false) => PromptPlacement.Encoder,
                (true, false, false) => PromptPlacement.Start,
                (false, false, true) => PromptPlacement.Decoder,
                (false, false, false) => PromptPlacement.End,
                _ => (PromptPlacement?)null,
            };
            return placement is { } value ? new(value, $"the file has the prompt pools of placement '{value.ToString().ToLowerInvariant()}'") : null;
        }
    }

    private static string Convolution(int level) => $"sia_res_blocks.{level}.conv.conv.weight";

    private bool HasPool(string part, int index) => shapes.ContainsKey($"{part}_instruction_blocks_v2.{index}.instruction_tokens.instructions.0");

    private Evidence<int>? Size(string name, int axis) =>
        shapes.TryGetValue(name, out var shape) && axis < shape.Count && shape.All(size => size is > 0 and <= int.MaxValue)
            ? new((int)shape[axis], $"'{name}' has shape [{string.Join(", ", shape)}], so {shape[axis]}")
            : null;

    /// <summary>How many tensors a list has, from 0 on.</summary>
    private Evidence<int>? Count(string prefix)
    {
        var count = 0;
        while (shapes.ContainsKey(prefix + count)) count++;
        return count == 0 ? null : new(count, $"the file has {count} tensors '{prefix}…'");
    }
}
