using PUNet.Core.Imaging;

namespace PUNet.Core.Data.Checks;

/// <summary>What a single image's geometry should look like.</summary>
internal static class GeometryRules
{
    /// <summary>Voxel sides of clinical scans, in mm, with room.</summary>
    private const double Smallest = 0.05;
    private const double Largest = 20;

    /// <summary>Cosine of the largest angle by which two axes may miss a right one.</summary>
    private const double Skew = 0.01;

    public static IEnumerable<Finding> Of(string file, Geometry geometry)
    {
        var spacing = geometry.Spacing;
        if (spacing.ToArray().Any(side => side is < Smallest or > Largest))
            yield return new Finding(file, Severity.Warning, "spacing", $"has voxels of {spacing}.",
                FormattableString.Invariant($"Sides are expected between {Smallest} and {Largest} mm; check the unit and convert the file again."));
        for (var a = 0; a < 3; a++)
        {
            var b = (a + 1) % 3;
            var cosine = Enumerable.Range(0, 3).Sum(row => geometry[row, a] * geometry[row, b]) / (spacing[a] * spacing[b]);
            if (Math.Abs(cosine) <= Skew) continue;
            yield return new Finding(file, Severity.Warning, "affine",
                FormattableString.Invariant($"is sheared: its axes {a + 1} and {b + 1} meet at {Math.Acos(cosine) * 180 / Math.PI:0.#}°."),
                "Resample it to a grid with right angles (a tilted gantry does this).");
            yield break;
        }
    }
}
