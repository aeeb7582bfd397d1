using PUNet.Core.Common;
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
    /// <param name="image">On the model's grid, normalised to [−1, 1].</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="places">C-order: the class, counted from 1, or 0.</param>
    /// <param name="classes">How many there are.</param>
    public static void Write(string path, float[] image, Extent extent, byte[] places, int classes)
    {
        var slices = Enumerable.Range(1, classes).Select(place => SlicePanel.SliceOfMost(extent, places, place)).OfType<int>().Distinct().ToList();
        if (slices.Count == 0) slices.Add(extent.D / 2);
        PanelMosaic.Write(path, [.. slices.Select(slice => (IReadOnlyList<Picture?>)
            [Draw(image, extent, slice, null), Draw(image, extent, slice, places)])]);
    }

    private static Picture Draw(float[] image, Extent extent, int slice, byte[]? places)
    {
        var (h, w) = (extent.H, extent.W);
        var magnification = Math.Max(1, (Least + Math.Max(h, w) - 1) / Math.Max(h, w));
        var picture = new Picture(h * magnification, w * magnification);
        for (var column = 0; column < picture.Width; column++)
            for (var row = 0; row < picture.Height; row++)
            {
                var at = (column / magnification * w + row / magnification) * extent.D + slice;
                var grey = 255 * Math.Clamp((image[at] + 1) / 2, 0, 1);
                var place = places is null ? 0 : places[at];
                picture[column, row] = place == 0 ? (Byte(grey), Byte(grey), Byte(grey)) : Mixed(grey, _colours[(place - 1) % _colours.Length]);
            }
        return picture;
    }

    private static (byte, byte, byte) Mixed(double grey, (byte R, byte G, byte B) colour) =>
        (Byte((1 - Tint) * grey + Tint * colour.R), Byte((1 - Tint) * grey + Tint * colour.G), Byte((1 - Tint) * grey + Tint * colour.B));

    private static byte Byte(double value) => (byte)Math.Round(value);
}
