using PUNet.Core.Common;

namespace PUNet.Core.Metrics;

/// <summary>
/// Distances between the surfaces of one class in a reference and in a prediction, in mm. Surface elements lie at the corners of
/// voxels and are weighted by their area.
/// </summary>
public sealed class SurfaceDistances
{
    private readonly Surface _reference;
    private readonly Surface _prediction;

    private SurfaceDistances(Surface reference, Surface prediction) => (_reference, _prediction) = (reference, prediction);

    /// <summary>Mean distance of the reference's surface to the prediction's, and the reverse, in mm.</summary>
    public (double FromReference, double FromPrediction) Average => (_reference.Moment / _reference.Area, _prediction.Moment / _prediction.Area);

    /// <summary>Average symmetric surface distance: the mean over both surfaces, in mm.</summary>
    public double Assd => (_reference.Moment + _prediction.Moment) / (_reference.Area + _prediction.Area);

    /// <summary>The larger of the two directed distances below which the given share of the surface lies, in mm; 100 is Hausdorff's.</summary>
    public double Hausdorff(double percent) => Math.Max(_reference.Percentile(percent), _prediction.Percentile(percent));

    /// <summary>Normalised surface Dice: the share of both surfaces within <paramref name="toleranceMm"/> of the other.</summary>
    public double SurfaceDice(double toleranceMm) =>
        (_reference.Within(toleranceMm) + _prediction.Within(toleranceMm)) / (_reference.Area + _prediction.Area);

    /// <summary>Measures two masks; null where one of them is empty.</summary>
    /// <param name="reference">C-order [H, W, D].</param>
    /// <param name="prediction">C-order [H, W, D].</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="spacing">Voxel size along H, W, D, in mm.</param>
    public static SurfaceDistances? Measure(
        ReadOnlySpan<bool> reference, ReadOnlySpan<bool> prediction, Extent extent, IReadOnlyList<double> spacing)
    {
        if (!reference.Contains(true) || !prediction.Contains(true)) return null;
        var (first, last) = Box(reference, prediction, extent);
        var corners = Extent.From(axis => last[axis] - first[axis] + 2);
        var areas = SurfaceElements.Areas(spacing);
        var (codesA, codesB) = (Codes(reference, extent, first, last, corners), Codes(prediction, extent, first, last, corners));
        return new SurfaceDistances(Elements(codesA, codesB), Elements(codesB, codesA));

        Surface Elements(byte[] codes, byte[] others)
        {
            var distance = DistanceTransform.Run(Array.ConvertAll(others, OnSurface), corners, spacing);
            return Surface.Of(codes, OnSurface, distance, areas);
        }
    }

    private static bool OnSurface(byte code) => code is not (0 or 255);

    /// <summary>The smallest box that holds both masks.</summary>
    private static (Extent First, Extent Last) Box(ReadOnlySpan<bool> reference, ReadOnlySpan<bool> prediction, Extent extent)
    {
        var (firstH, firstW, firstD, lastH, lastW, lastD) = (int.MaxValue, int.MaxValue, int.MaxValue, 0, 0, 0);
        for (var h = 0; h < extent.H; h++)
            for (var w = 0; w < extent.W; w++)
            {
                var line = (h * extent.W + w) * extent.D;
                var a = reference.Slice(line, extent.D);
                var b = prediction.Slice(line, extent.D);
                var (first, last) = (Earlier(a.IndexOf(true), b.IndexOf(true)), Math.Max(a.LastIndexOf(true), b.LastIndexOf(true)));
                if (last < 0) continue;
                (firstH, firstW, firstD) = (Math.Min(firstH, h), Math.Min(firstW, w), Math.Min(firstD, first));
                (lastH, lastW, lastD) = (Math.Max(lastH, h), Math.Max(lastW, w), Math.Max(lastD, last));
            }
        return (new(firstH, firstW, firstD), new(lastH, lastW, lastD));

        static int Earlier(int a, int b) => a < 0 ? b : b < 0 ? a : Math.Min(a, b);
    }

    /// <summary>For every corner of the box's voxels, which of the eight voxels around it are in the mask; outside the box none is.</summary>
    private static byte[] Codes(ReadOnlySpan<bool> mask, Extent extent, Extent first, Extent last, Extent corners)
    {
        var codes = new byte[corners.Count];
        for (var h = first.H; h <= last.H; h++)
            for (var w = first.W; w <= last.W; w++)
                for (var d = first.D; d <= last.D; d++)
                {
                    if (!mask[(h * extent.W + w) * extent.D + d]) continue;
                    // the voxel at offset (i, j, k) of a corner lies behind it along the axes whose offset is 1
                    var corner = ((h - first.H) * corners.W + w - first.W) * corners.D + d - first.D;
                    for (var bit = 0; bit < 8; bit++)
                        codes[corner + ((1 - (bit >> 2)) * corners.W + 1 - (bit >> 1 & 1)) * corners.D + 1 - (bit & 1)] |= (byte)(1 << bit);
                }
        return codes;
    }

    /// <summary>Elements of one surface, by their distance to the other, ascending.</summary>
    /// <param name="distances">In mm.</param>
    /// <param name="areas">In mm².</param>
    private sealed class Surface(double[] distances, double[] areas)
    {
        /// <summary>In mm².</summary>
        public double Area { get; } = areas.Sum();

        /// <summary>Sum of distance times area, in mm³.</summary>
        public double Moment { get; } = distances.Zip(areas, (distance, area) => distance * area).Sum();

        public static Surface Of(byte[] codes, Predicate<byte> isElement, double[] distance, double[] areaOf)
        {
            var (distances, areas) = (new List<double>(), new List<double>());
            for (var i = 0; i < codes.Length; i++)
            {
                if (!isElement(codes[i])) continue;
                distances.Add(distance[i]);
                areas.Add(areaOf[codes[i]]);
            }
            var (keys, values) = (distances.ToArray(), areas.ToArray());
            Array.Sort(keys, values);
            return new Surface(keys, values);
        }

        /// <summary>Area within a distance of the other surface, in mm².</summary>
        public double Within(double tolerance)
        {
            var sum = 0.0;
            for (var i = 0; i < distances.Length && distances[i] <= tolerance; i++) sum += areas[i];
            return sum;
        }

        /// <summary>The distance below which a share of the surface lies, in mm.</summary>
        public double Percentile(double percent)
        {
            var (wanted, sum) = (percent / 100 * Area, 0.0);
            for (var i = 0; i < distances.Length; i++)
            {
                sum += areas[i];
                if (sum >= wanted) return distances[i];
            }
            return distances[^1];
        }
    }
}
