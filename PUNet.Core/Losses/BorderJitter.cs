using PUNet.Core.Common;

namespace PUNet.Core.Losses;

/// <summary>Array elements cut off the in-plane borders of a student's embedding before it is reduced (method.md, section 3).</summary>
/// <param name="Top">From the start of H.</param>
/// <param name="Bottom">From the end of H.</param>
/// <param name="Left">From the start of W.</param>
/// <param name="Right">From the end of W.</param>
public readonly record struct BorderJitter(int Top, int Bottom, int Left, int Right)
{
    /// <summary>Four independent draws in [0, ⌈reduction⌉).</summary>
    public static BorderJitter Draw(double reduction, RandomStream random)
    {
        int Border() => random.Integer(0, (int)Math.Ceiling(reduction));
        return new(Border(), Border(), Border(), Border());
    }
}
