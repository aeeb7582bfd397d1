using PUNet.Core.Common;
using PUNet.Core.Imaging;
using PUNet.Core.Inference.Pictures;

namespace PUNet.Core.Inference.Prediction;

/// <summary>
/// A picture of a segmented scan: for each class the slice on which it is largest, bare and with all classes over it. Columns of a slice are
/// the first axis, rows the second, as on a light box for scans brought to LPS.
/// </summary>
internal static class PredictionPreview
{
    private const double Tint = 0.45;
    private const int Least = 256; // pixels of the longer side, by whole magnification

    private static readonly (byte R, byte G, byte B)[] _colours =
    [
        (230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66), (0, 114, 178), (213, 94, 0), (204, 121, 167), (170, 170, 170),
    ]; // Okabe and Ito's, which colour-blind people tell apart

    /// <summary>Writes it; a class without a voxel has no slice, and where none has any, the middle slice stands alone.</summary>
    /// <param name="path">The PNG.</param>
    /// <param name="image">On the model's grid.</param>
    /// <param name="labels">C-order.</param>
    /// <param name="classes">Those that may occur.</param>
    public static void Write(string path, Volume image, byte[] labels, IReadOnlyList<PredictedClass> classes)
    {
        var slices = classes.Select(known => Largest(labels, image.Extent, known.Label)).OfType<int>().Distinct().ToList();
        if (slices.Count == 0) slices.Add(image.Extent.D / 2);
        PanelMosaic.Write(path, [.. slices.Select(slice => (IReadOnlyList<Picture?>)
            [Draw(image, slice, null, classes), Draw(image, slice, labels, classes)])]);
    }

    private static int? Largest(byte[] labels, Extent extent, int label)
    {
        var counts = new long[extent.D];
        for (var i = 0; i < labels.Length; i++)
            if (labels[i] == label) counts[i % extent.D]++;
        return counts.Max() == 0 ? null : Array.IndexOf(counts, counts.Max());
    }

    private static Picture Draw(Volume image, int slice, byte[]? labels, IReadOnlyList<PredictedClass> classes)
    {
        var (h, w) = (image.Extent.H, image.Extent.W);
        var magnification = Math.Max(1, (Least + Math.Max(h, w) - 1) / Math.Max(h, w));
        var picture = new Picture(h * magnification, w * magnification);
        var (low, high) = Range(image, slice);
        for (var column = 0; column < picture.Width; column++)
            for (var row = 0; row < picture.Height; row++)
            {
                var at = (column / magnification * w + row / magnification) * image.Extent.D + slice;
                var grey = 255 * Math.Clamp((image.Data[at] - low) / (high - low), 0, 1);
                var place = labels is null ? -1 : classes.ToList().FindIndex(known => known.Label == labels[at]);
                picture[column, row] = place < 0 ? (Byte(grey), Byte(grey), Byte(grey)) : Mixed(grey, _colours[place % _colours.Length]);
            }
        return picture;
    }

    private static (double Low, double High) Range(Volume image, int slice)
    {
        var values = image.Data.Where((_, i) => i % image.Extent.D == slice).Order().ToList();
        var (low, high) = (values[values.Count / 100], values[values.Count - 1 - values.Count / 100]);
        return high > low ? (low, high) : (low, low + 1);
    }

    private static (byte, byte, byte) Mixed(double grey, (byte R, byte G, byte B) colour) =>
        (Byte((1 - Tint) * grey + Tint * colour.R), Byte((1 - Tint) * grey + Tint * colour.G), Byte((1 - Tint) * grey + Tint * colour.B));

    private static byte Byte(double value) => (byte)Math.Round(value);
}
