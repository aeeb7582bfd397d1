using PUNet.Core.Common;
using PUNet.Core.Data.Preparation;

namespace PUNet.Core.Data.Checks;

/// <summary>What intensities should look like: of any image, and of one in HU.</summary>
internal static class IntensityRules
{
    /// <summary>An image in HU has air around or in the body.</summary>
    private const double Air = -200;

    /// <summary>Below this lies only padding.</summary>
    private const double Padding = -1100;

    /// <summary>Most of an image in HU lies below: bone ends near 3000, metal above.</summary>
    private const double Bone = 4000;

    /// <summary>Of any image.</summary>
    public static IEnumerable<Finding> Of(string file, IntensitySummary intensities, Extent extent)
    {
        if (double.IsNaN(intensities.Minimum))
            yield return new Finding(file, Severity.Error, "not finite", "has no finite intensity.", "Convert or export it again.");
        else if (intensities.NotFinite > 0)
            yield return new Finding(file, Severity.Warning, "not finite",
                FormattableString.Invariant(
                    $"has {intensities.NotFinite} voxels ({100.0 * intensities.NotFinite / extent.Count:0.###} %) that are NaN or infinite."),
                "Preparation gives them the image's minimum; correct the file if that is wrong.");
        if (intensities.Minimum == intensities.Maximum)
            yield return new Finding(file, Severity.Error, "intensity", FormattableString.Invariant($"is {intensities.Minimum} everywhere."),
                "Export it again; there is nothing to see.");
    }

    /// <summary>Whether an image looks like one in HU.</summary>
    public static bool LooksLikeHounsfield(IntensitySummary intensities) => intensities.Minimum < Air && intensities.High < Bone;

    /// <summary>Of an image that should be in HU.</summary>
    public static IEnumerable<Finding> OfHounsfield(string file, IntensitySummary x)
    {
        if (double.IsNaN(x.Minimum) || x.Minimum == x.Maximum) yield break;
        var range = FormattableString.Invariant($"from {x.Minimum:0.##} to {x.Maximum:0.##}, median {x.Median:0.##}");
        if (x.Minimum >= Air && x.Maximum - x.Minimum < 300)
            yield return new Finding(file, Severity.Warning, "HU", $"has values {range}: it was windowed or scaled, and is not in HU.",
                "Export it again without windowing, or declare normalise_per_volume for the whole dataset.");
        else if (x.Minimum >= Air)
            yield return new Finding(file, Severity.Warning, "HU", $"has no air (values {range}).",
                "HU of air are near −1000: check whether 1000 or 1024 was added, or whether the image was cropped inside the body.");
        else if (x.High > Bone)
            yield return new Finding(file, Severity.Warning, "HU",
                FormattableString.Invariant($"has 0.5 % of its voxels above {x.High:0.##} (values {range})."),
                "Bone ends near 3000 HU: check slope and intercept of the file.");
        if (x.Minimum < Padding)
            yield return new Finding(file, Severity.Note, "HU", FormattableString.Invariant($"begins at {x.Minimum:0.##}, below air."),
                "This is usually padding outside the scanner's field; the intensity window clips it.");
    }
}
