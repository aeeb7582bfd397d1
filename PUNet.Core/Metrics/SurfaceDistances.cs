using PUNet.Core.Common;

namespace PUNet.Core.Metrics;

/// <summary>
/// Distances between the surfaces of one class in a reference and in a prediction, in mm. Surface elements lie at the corners of
/// voxels and are weighted by their area.
/// </summary>
public sealed class SurfaceDistances
{
    private readonly (double Distance, double Area)[] _fromReference;
    private readonly (double Distance, double Area)[] _fromPrediction;

    private SurfaceDistances((double, double)[] fromReference, (double, double)[] fromPrediction) =>
        (_fromReference, _fromPrediction) = (fromReference, fromPrediction);

    /// <summary>Mean distance of the reference's surface to the prediction's, and the reverse, in mm.</summary>
    public (double FromReference, double FromPrediction) Average => (Mean(_fromReference), Mean(_fromPrediction));

    /// <summary>Average symmetric surface distance: the mean over both surfaces, in mm.</summary>
    public double Assd =>
        (_fromReference.Sum(e => e.Distance * e.Area) + _fromPrediction.Sum(e => e.Distance * e.Area)) / (_fromReference.Sum(e => e.Area) + _fromPrediction.Sum(e => e.Area));

    /// <summary>The larger of the two directed distances below which the given share of the surface lies, in mm; 100 is Hausdorff's.</summary>
    public double Hausdorff(double percent) => Math.Max(Percentile(_fromReference, percent), Percentile(_fromPrediction, percent));

    /// <summary>Normalised surface Dice: the share of both surfaces within <paramref name="toleranceMm"/> of the other.</summary>
    public double SurfaceDice(double toleranceMm) =>
        (Within(_fromReference, toleranceMm) + Within(_fromPrediction, toleranceMm)) / (_fromReference.Sum(e => e.Area) + _fromPrediction.Sum(e => e.Area));

    /// <summary>Measures one class; null where it is missing in the reference or in the prediction.</summary>
    /// <param name="reference">Labels, C-order [H, W, D].</param>
    /// <param name="prediction">Labels, C-order [H, W, D].</param>
    /// <param name="label">The class.</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="spacing">Voxel size along H, W, D, in mm.</param>
    public static SurfaceDistances? Measure(ReadOnlySpan<byte> reference, ReadOnlySpan<byte> prediction, byte label, Extent extent, IReadOnlyList<double> spacing)
    {
        if (Box(reference, prediction, label, extent) is not { } box) return null;
        var areas = SurfaceElements.Areas(spacing);
        var corners = Extent.From(axis => box.Last[axis] - box.First[axis] + 2);
        var (codesA, codesB) = (Codes(reference, label, extent, box.First, corners), Codes(prediction, label, extent, box.First, corners));
        var (distanceA, distanceB) = (Distance(codesA), Distance(codesB));
        return new SurfaceDistances(Elements(codesA, distanceB), Elements(codesB, distanceA));

        double[] Distance(byte[] codes) => DistanceTransform.Run(Array.ConvertAll(codes, OnSurface), corners, spacing);

        (double, double)[] Elements(byte[] codes, double[] distance) =>
            [.. codes.Select((code, i) => (code, i)).Where(e => OnSurface(e.code)).Select(e => (distance[e.i], areas[e.code])).OrderBy(e => e.Item1)];
    }

    private static bool OnSurface(byte code) => code is not (0 or 255);

    /// <summary>The smallest box that holds the class in both; null where one has none.</summary>
    private static (Extent First, Extent Last)? Box(ReadOnlySpan<byte> reference, ReadOnlySpan<byte> prediction, byte label, Extent extent)
    {
        if (!reference.Contains(label) || !prediction.Contains(label)) return null;
        int[] first = [int.MaxValue, int.MaxValue, int.MaxValue], last = [0, 0, 0];
        for (int h = 0, i = 0; h < extent.H; h++)
            for (var w = 0; w < extent.W; w++)
                for (var d = 0; d < extent.D; d++, i++)
                {
                    if (reference[i] != label && prediction[i] != label) continue;
                    int[] at = [h, w, d];
                    for (var axis = 0; axis < 3; axis++) (first[axis], last[axis]) = (Math.Min(first[axis], at[axis]), Math.Max(last[axis], at[axis]));
                }
        return (Extent.From(axis => first[axis]), Extent.From(axis => last[axis]));
    }

    /// <summary>For every corner of the box's voxels, which of the eight voxels around it are of the class; outside the volume none is.</summary>
    private static byte[] Codes(ReadOnlySpan<byte> labels, byte label, Extent extent, Extent first, Extent corners)
    {
        var codes = new byte[corners.Count];
        var at = 0;
        for (var h = 0; h < corners.H; h++)
            for (var w = 0; w < corners.W; w++)
                for (var d = 0; d < corners.D; d++, at++)
                    for (var bit = 0; bit < 8; bit++)
                    {
                        int i = first.H + h - 1 + (bit >> 2), j = first.W + w - 1 + (bit >> 1 & 1), k = first.D + d - 1 + (bit & 1);
                        if (i < 0 || j < 0 || k < 0 || i >= extent.H || j >= extent.W || k >= extent.D) continue;
                        if (labels[(i * extent.W + j) * extent.D + k] == label) codes[at] |= (byte)(1 << bit);
                    }
        return codes;
    }

    private static double Mean((double Distance, double Area)[] elements) => elements.Sum(e => e.Distance * e.Area) / elements.Sum(e => e.Area);

    private static double Within((double Distance, double Area)[] elements, double tolerance) => elements.Where(e => e.Distance <= tolerance).Sum(e => e.Area);

    private static double Percentile((double Distance, double Area)[] elements, double percent)
    {
        var wanted = percent / 100 * elements.Sum(e => e.Area);
        var sum = 0.0;
        foreach (var (distance, area) in elements)
        {
            sum += area;
            if (sum >= wanted) return distance;
        }
        return elements[^1].Distance;
    }
}
