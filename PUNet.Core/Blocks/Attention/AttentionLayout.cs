using System.Runtime.Intrinsics;

namespace PUNet.Core.Blocks.Attention;

/// <summary>Sizes of one windowed attention.</summary>
/// <param name="Batch">B.</param>
/// <param name="Windows">P, windows of a batch element.</param>
/// <param name="Heads">h.</param>
/// <param name="Positions">N, content positions of a window.</param>
/// <param name="PerHead">c, channels of a head.</param>
/// <param name="Prompts">J, prompt tokens of a batch element.</param>
internal readonly record struct AttentionLayout(int Batch, int Windows, int Heads, int Positions, int PerHead, int Prompts)
{
    /// <summary>C.</summary>
    public int Channels => Heads * PerHead;

    /// <summary>J + N.</summary>
    public int Keys => Prompts + Positions;

    /// <summary>N rounded up to whole vectors: queries lie side by side in the lanes.</summary>
    public int Lanes => (Positions + Vector512<float>.Count - 1) / Vector512<float>.Count * Vector512<float>.Count;

    /// <summary>Independent pieces of work: one head of one batch element.</summary>
    public int Items => Batch * Heads;
}
