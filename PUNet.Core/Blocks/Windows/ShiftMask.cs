namespace PUNet.Core.Blocks.Windows;

/// <summary>How pairs of positions of different regions are treated (method.md, section 1).</summary>
public enum ShiftMask
{
    /// <summary>Their score becomes −∞; prompts are never masked.</summary>
    AdditiveExclusion,

    /// <summary>
    /// In the shifted sub-block the biased content scores are multiplied by 1 where regions differ and by 0 where they are the same.
    /// </summary>
    MultiplicativeInverted,
}
