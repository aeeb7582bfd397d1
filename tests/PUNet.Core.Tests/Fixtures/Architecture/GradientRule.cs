using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures.Architecture;

/// <summary>
/// How far a network's gradients in single precision may lie from the exact ones, tensor by tensor in the Euclidean norm. Every operation
/// rounds by u = 2⁻²⁴ of its result; on the way to a gradient there are some sixty layers forward and back, each of them a sum of up to
/// ten thousand terms, and roundings add like a random walk: √(60 · 10⁴) ≈ 800 of them, of which 2048 leave a margin. Where terms
/// cancel (a bias before a normalisation has the gradient zero), the error of the terms stays; they are parts of the
/// gradient of the whole network, which is why four roundings of its norm are allowed as well. Elements are not compared one by one: a
/// small one beside large ones carries the error of their sum, and that depends on the order in which a processor adds.
/// </summary>
internal static class GradientRule
{
    private const double Rounding = 1.0 / (1 << 24);

    /// <summary>Deviation of every gradient in units of what is allowed; not a number becomes infinity.</summary>
    /// <param name="gradients">By name, of any type.</param>
    /// <param name="exact">The same in double precision; more names are allowed.</param>
    public static IEnumerable<(string Name, double Ratio)> Deviations(
        IReadOnlyDictionary<string, Tensor> gradients, IReadOnlyDictionary<string, Tensor> exact)
    {
        var whole = Math.Sqrt(exact.Values.Sum(gradient => Math.Pow(Norm(gradient), 2)));
        foreach (var (name, gradient) in gradients)
        {
            var ratio = Norm(gradient.to(ScalarType.Float64) - exact[name]) / (Rounding * (2048 * Norm(exact[name]) + 4 * whole));
            yield return (name, double.IsNaN(ratio) ? double.PositiveInfinity : ratio);
        }
    }

    private static double Norm(Tensor values) => values.norm().item<double>();
}
