using PUNet.Core.Common;
using PUNet.Core.Data;

namespace PUNet.Core.Inference.Pictures;

/// <summary>One axial slice as a picture, with a mask's outline and tint over it.</summary>
internal static class SlicePanel
{
    private const int Magnification = 3;
    private const double Tint = 0.35;
    private const int Comfortable = 320; // pixels along the longer side

    /// <summary>Green.</summary>
    public static (byte R, byte G, byte B) ReferenceColour => (60, 200, 90);

    /// <summary>Orange.</summary>
    public static (byte R, byte G, byte B) PredictionColour => (240, 150, 40);

    /// <summary>The slice (index along depth) on which a class is largest; the middle one where there is none of it.</summary>
    public static int LargestSlice(Extent extent, byte[] labels, int label) => SliceOfMost(extent, labels, label) ?? extent.D / 2;

    /// <summary>The same; null where there is none of it.</summary>
    public static int? SliceOfMost(Extent extent, byte[] labels, int label)
    {
        var counts = new long[extent.D];
        for (long start = 0; start < extent.Count; start += extent.D)
            for (var d = 0; d < extent.D; d++)
                if (labels[start + d] == label) counts[d]++;
        return counts.Max() == 0 ? null : Array.IndexOf(counts, counts.Max());
    }

    /// <summary>How many pixels a voxel's side gets where many panels stand side by side.</summary>
    public static int Fitting(Extent extent) => Math.Clamp(Comfortable / Math.Max(extent.H, extent.W), 1, Magnification);

    /// <summary>Writes a PNG: columns are the first axis, rows the second, grey between the slice's 1st and 99th percentile.</summary>
    /// <param name="path">File to write.</param>
    /// <param name="subject">Image [H, W, D].</param>
    /// <param name="slice">Index along depth.</param>
    /// <param name="mask">Whether the voxel of a flat index belongs to the class; null draws the bare image.</param>
    /// <param name="colour">Tint and outline.</param>
    public static void Write(string path, LoadedSubject subject, int slice, Func<long, bool>? mask, (byte R, byte G, byte B) colour)
    {
        long Index(int x, int y) => ((long)x * subject.Extent.W + y) * subject.Extent.D + slice;
        Func<int, int, bool>? inSlice = mask is null ? null : (x, y) => mask(Index(x, y));
        Draw(subject, slice, inSlice, colour, Magnification).Write(path);
    }

    /// <summary>The same as a picture.</summary>
    /// <param name="subject">Image [H, W, D].</param>
    /// <param name="slice">Index along depth.</param>
    /// <param name="mask">Whether the voxel (x, y) of the slice [H, W] belongs to the class; null draws the bare image.</param>
    /// <param name="colour">Tint and outline.</param>
    /// <param name="magnification">Pixels along a voxel's side.</param>
    public static Picture Draw(
        LoadedSubject subject, int slice, Func<int, int, bool>? mask, (byte R, byte G, byte B) colour, int magnification)
    {
        var (h, w) = (subject.Extent.H, subject.Extent.W);
        long Index(int x, int y) => ((long)x * w + y) * subject.Extent.D + slice;
        var (low, high) = Range(subject, Index);
        var picture = new Picture(h * magnification, w * magnification);
        for (var column = 0; column < h * magnification; column++)
            for (var row = 0; row < w * magnification; row++)
            {
                var (x, y) = (column / magnification, row / magnification);
                var grey = 255 * Math.Clamp((subject.Image[Index(x, y)] - low) / (high - low), 0, 1);
                var inside = mask is not null && mask(x, y);
                var share = !inside ? 0 : IsEdge(column, row, h, w, mask!, magnification) ? 1 : Tint;
                byte Mix(byte value) => (byte)Math.Round((1 - share) * grey + share * value);
                picture[column, row] = (Mix(colour.R), Mix(colour.G), Mix(colour.B));
            }
        return picture;
    }

    private static (double Low, double High) Range(LoadedSubject subject, Func<int, int, long> index)
    {
        var values = new float[subject.Extent.H * subject.Extent.W];
        for (var i = 0; i < values.Length; i++) values[i] = subject.Image[index(i / subject.Extent.W, i % subject.Extent.W)];
        Array.Sort(values);
        var (low, high) = (values[values.Length / 100], values[values.Length - 1 - values.Length / 100]);
        return high > low ? (low, high) : (low, low + 1);
    }

    /// <summary>Whether a magnified pixel of a masked voxel borders on an unmasked one.</summary>
    private static bool IsEdge(int column, int row, int h, int w, Func<int, int, bool> mask, int magnification)
    {
        foreach (var (dx, dy) in new[] { (-1, 0), (1, 0), (0, -1), (0, 1) })
        {
            var (x, y) = ((column + dx) / magnification, (row + dy) / magnification);
            if (column + dx < 0 || row + dy < 0 || x >= h || y >= w || !mask(x, y)) return true;
        }
        return false;
    }
}
