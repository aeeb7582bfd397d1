namespace PUNet.Core.Data.Phantoms;

/// <summary>Two solids melted together.</summary>
/// <param name="first">One.</param>
/// <param name="second">The other.</param>
/// <param name="blend">Width of the seam, in mm.</param>
internal sealed class PhantomUnion(PhantomShape first, PhantomShape second, double blend) : PhantomShape
{
    /// <inheritdoc/>
    public override double Distance(double x, double y, double z)
    {
        var (a, b) = (first.Distance(x, y, z), second.Distance(x, y, z));
        if (a == double.MaxValue || b == double.MaxValue) return Math.Min(a, b);
        var seam = Math.Max(0, blend - Math.Abs(a - b)) / blend;
        return Math.Min(a, b) - seam * seam * blend / 4;
    }
}
