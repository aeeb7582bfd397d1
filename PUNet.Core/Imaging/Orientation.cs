using System.Text.Json.Serialization;

namespace PUNet.Core.Imaging;

/// <summary>
/// Anatomical direction of each array axis: one of R/L, A/P and S/I per axis, 48 in all. RAS means that indices grow to the
/// patient's right, anterior and superior.
/// </summary>
[JsonConverter(typeof(OrientationJson))]
public readonly record struct Orientation
{
    private const string Positive = "RAS";
    private const string Negative = "LPI";

    private readonly string? _code;

    private Orientation(string code) => _code = code;

    /// <summary>Right, anterior, superior: NIfTI's own axes.</summary>
    public static Orientation Ras { get; } = new("RAS");

    /// <summary>Left, posterior, superior: the axes of DICOM.</summary>
    public static Orientation Lps { get; } = new("LPS");

    /// <summary>All 48.</summary>
    public static IReadOnlyList<Orientation> All { get; } =
        [.. from a in "RLAPSI" from b in "RLAPSI" from c in "RLAPSI"
            where new[] { Column(a), Column(b), Column(c) }.Distinct().Count() == 3
            select new Orientation($"{a}{b}{c}")];

    /// <summary>Three letters.</summary>
    public string Code => _code ?? Positive;

    /// <summary>Reads three letters.</summary>
    /// <exception cref="ArgumentException">Not one of R/L, one of A/P and one of S/I.</exception>
    public static Orientation Parse(string code)
    {
        var given = new Orientation(code.ToUpperInvariant());
        if (All.Contains(given)) return given;
        throw new ArgumentException(
            $"Axis codes are one of R or L, one of A or P and one of S or I in any order, for example LPS; given '{code}'.", nameof(code));
    }

    /// <summary>The RAS axis (0, 1, 2) along which an array axis runs, and whether indices grow with it (+1) or against it (−1).</summary>
    public (int Axis, int Sign) Direction(int arrayAxis) => (Column(Code[arrayAxis]), Positive.Contains(Code[arrayAxis]) ? 1 : -1);

    /// <summary>
    /// The orientation closest to a geometry: among all pairings of array axes with anatomical axes the one in which the
    /// direction cosines agree most.
    /// </summary>
    public static Orientation Closest(Geometry geometry)
    {
        var spacing = geometry.Spacing;
        var best = Ras;
        var score = double.NegativeInfinity;
        foreach (var candidate in All)
        {
            var sum = 0.0;
            for (var axis = 0; axis < 3; axis++)
            {
                var (row, sign) = candidate.Direction(axis);
                sum += sign * geometry[row, axis] / spacing[axis];
            }
            if (sum > score + 1e-9) (best, score) = (candidate, sum);
        }
        return best;
    }

    /// <summary>The three letters.</summary>
    public override string ToString() => Code;

    private static int Column(char letter) => Math.Max(Positive.IndexOf(letter), Negative.IndexOf(letter));
}
