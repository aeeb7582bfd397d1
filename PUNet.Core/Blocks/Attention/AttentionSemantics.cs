using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Blocks.Windows;

namespace PUNet.Core.Blocks.Attention;

/// <summary>
/// The points in which the paper's text and its published implementation differ, each an option of its own
/// (method.md, section 1). Deviation: the default follows the paper, <see cref="Reference"/> the implementation.
/// </summary>
public sealed record AttentionSemantics
{
    /// <summary>What keys and values are projected from.</summary>
    public KeyValueInput KeyValueInput { get; init; }

    /// <summary>How positions form windows.</summary>
    public WindowLayout WindowLayout { get; init; }

    /// <summary>How pairs of different regions are masked.</summary>
    public ShiftMask ShiftMask { get; init; }

    /// <summary>The region of padding.</summary>
    public PaddingRegion PaddingRegion { get; init; }

    /// <summary>How much is padded, and where.</summary>
    public WindowPadding WindowPadding { get; init; }

    /// <summary>The similarity of the last aggregation.</summary>
    public SimilarityScale SimilarityScale { get; init; }

    /// <summary>As the paper describes it: the default for all new training.</summary>
    public static AttentionSemantics Paper { get; } = new();

    /// <summary>As the published implementation computes it, so that its checkpoints predict the same.</summary>
    public static AttentionSemantics Reference { get; } = new()
    {
        KeyValueInput = KeyValueInput.ProjectedQuery,
        WindowLayout = WindowLayout.Dilated,
        ShiftMask = ShiftMask.MultiplicativeInverted,
        PaddingRegion = PaddingRegion.FixedContentRegion,
        WindowPadding = WindowPadding.AllAxesCeilingFirst,
        SimilarityScale = SimilarityScale.CosinePlusHalf,
    };
}
