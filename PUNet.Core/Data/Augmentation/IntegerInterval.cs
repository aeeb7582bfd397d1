using PUNet.Core.Common;

namespace PUNet.Core.Data.Augmentation;

/// <summary>Integers from Low to High to draw from, both ends included.</summary>
public readonly record struct IntegerInterval(int Low, int High)
{
    /// <summary>A uniform draw.</summary>
    public int Draw(RandomStream random) => random.Integer(Low, High + 1);

    /// <summary>The fault of this interval, none if it can be drawn from.</summary>
    internal IEnumerable<string> Faults(string name, int least)
    {
        if (Low < least || High < Low) yield return $"{name} must run from at least {least} upwards, not from {Low} to {High}.";
    }
}
