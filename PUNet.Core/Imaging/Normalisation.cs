using System.Text.Json.Serialization;

namespace PUNet.Core.Imaging;

/// <summary>How a volume's intensities become the network's input in [−1, 1] (method.md, sections 4 and 5).</summary>
[JsonDerivedType(typeof(Window), "window")]
[JsonDerivedType(typeof(Percentiles), "percentiles")]
public abstract record Normalisation
{
    private Normalisation() { }

    /// <summary>A fixed window: clipped to [Low, High] and mapped linearly to [−1, 1]. For CT, in HU.</summary>
    public sealed record Window(double Low, double High) : Normalisation
    {
        /// <inheritdoc/>
        public override Window For(ReadOnlySpan<float> intensities) => this;

        /// <summary>Normalises in place.</summary>
        public void Map(Span<float> intensities) => IntensityWindow.MapInPlace(intensities, Low, High, -1, 1);
    }

    /// <summary>
    /// The volume's own percentiles (0–100) as the window: for MR, whose intensities have no unit.
    /// A constant volume becomes −1 everywhere.
    /// </summary>
    public sealed record Percentiles(double Low, double High) : Normalisation
    {
        /// <inheritdoc/>
        public override Window For(ReadOnlySpan<float> intensities)
        {
            var (low, high) = IntensityWindow.Percentiles(intensities, Low, High);
            return new Window(low, high);
        }
    }

    /// <summary>The paper's window for CT: [−1000, 1000] HU.</summary>
    public static Normalisation Paper { get; } = new Window(-1000, 1000);

    /// <summary>Each volume's own range without its outermost half percents.</summary>
    public static Normalisation OfVolume { get; } = new Percentiles(0.5, 99.5);

    /// <summary>Normalised copy in [−1, 1]; values that are not finite count as the window's lower end.</summary>
    public float[] Apply(ReadOnlySpan<float> intensities)
    {
        var mapped = intensities.ToArray();
        For(intensities).Map(mapped);
        return mapped;
    }

    /// <summary>The window that normalises this volume.</summary>
    public abstract Window For(ReadOnlySpan<float> intensities);
}
