namespace PUNet.Core.Blocks;

/// <summary>What the keys and values of the attention are projected from (method.md, section 1).</summary>
public enum KeyValueInput { Content, ProjectedQuery }

/// <summary>How positions are grouped into windows.</summary>
public enum WindowLayout { Contiguous, Dilated }

/// <summary>How pairs of different regions are treated in the shifted windows.</summary>
public enum ShiftMask { AdditiveExclusion, MultiplicativeInverted }

/// <summary>Which region padding belongs to.</summary>
public enum PaddingRegion { OwnRegion, FixedContentRegion }

/// <summary>How an axis is padded to whole windows.</summary>
public enum WindowPadding { PerAxisFloorFirst, AllAxesCeilingFirst }

/// <summary>The similarity of embedding and prompt token.</summary>
public enum SimilarityScale { HalfCosinePlusOne, CosinePlusHalf }

/// <summary>
/// The points in which the paper's text and its published implementation differ, each an option of its own
/// (method.md, section 1).
/// </summary>
public sealed record AttentionSemantics
{
    public KeyValueInput KeyValueInput { get; init; }
    public WindowLayout WindowLayout { get; init; }
    public ShiftMask ShiftMask { get; init; }
    public PaddingRegion PaddingRegion { get; init; }
    public WindowPadding WindowPadding { get; init; }
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
