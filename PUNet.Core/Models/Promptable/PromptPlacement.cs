namespace PUNet.Core.Models.Promptable;

/// <summary>Where prompts enter the network; the last pool always exists (method.md, section 2).</summary>
public enum PromptPlacement
{
    /// <summary>Every attention block.</summary>
    Full,

    /// <summary>The encoder's blocks.</summary>
    Encoder,

    /// <summary>The decoder's blocks.</summary>
    Decoder,

    /// <summary>The blocks of encoder level 0 only.</summary>
    Start,

    /// <summary>No block: only the similarity aggregation.</summary>
    End,
}
