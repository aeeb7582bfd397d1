namespace PUNet.Core.Blocks.Attention;

/// <summary>Which query-independent bias scores the attention has (method.md, section 2).</summary>
public enum BiasScores
{
    /// <summary>Content to content by relative position, and content to prompt by token.</summary>
    All,

    /// <summary>Content to content only.</summary>
    ImageOnly,

    /// <summary>None.</summary>
    Pure,

    /// <summary>None; a learnable position code is added to the stem's output instead.</summary>
    Vit,
}
