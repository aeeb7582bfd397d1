using PUNet.Core.Common;

namespace PUNet.Core.Data.Augmentation;

/// <summary>A real interval [Low, High] to draw from.</summary>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>A uniform draw.</summary>
    public double Draw(RandomStream random) => random.Uniform(Low, High);

    /// <summary>The fault of this interval, none if it can be drawn from.</summary>
    internal IEnumerable<string> Faults(string name)
    {
        if (!(Low <= High) || !double.IsFinite(High - Low))
            yield return $"{name} must run from a lower to a higher finite number, not from {Low} to {High}.";
    }
}
