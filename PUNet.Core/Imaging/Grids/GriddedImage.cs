using PUNet.Core.Common;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Imaging.Grids;

/// <summary>An image on the grid that a network sees: what a dataset keeps of a scan, and what a new scan becomes.</summary>
/// <param name="Volume">Intensities in the source's unit; whole numbers where <paramref name="Type"/> is of whole numbers.</param>
/// <param name="Type">How its numbers are stored without loss: 16-bit where the source is of whole numbers that fit.</param>
/// <param name="Grid">How it came there from the source's grid.</param>
/// <param name="NotFinite">Voxels of the source without a finite intensity, which got the least finite one.</param>
internal sealed record GriddedImage(Volume Volume, NiftiType Type, GridTransform Grid, long NotFinite)
{
    /// <summary>Brings a scan there.</summary>
    /// <param name="image">Its file.</param>
    /// <param name="volume">What was read of it; not finite intensities are replaced in place.</param>
    /// <param name="options">Which grid.</param>
    /// <param name="crop">What of it is kept at most; null: everything.</param>
    /// <exception cref="ImageFileException">It cannot be brought there.</exception>
    public static GriddedImage Of(NiftiFile image, Volume volume, GridOptions options, VoxelBox? crop = null)
    {
        var notFinite = MakeFinite(volume, image.Path);
        var grid = new GridFitting(options).Fit(volume, crop?.In(volume.Extent), image.Path);
        var prepared = new Volume(grid.Image(volume.Data), grid.Prepared, grid.PreparedGeometry);
        var integer = image.Header.Type.IsInteger() && image.Header.Slope == 1 && image.Header.Intercept == Math.Round(image.Header.Intercept);
        if (!integer || !prepared.Data.All(x => x is > short.MinValue and < short.MaxValue))
            return new(prepared, NiftiType.Float32, grid, notFinite);
        return new(new Volume(Array.ConvertAll(prepared.Data, MathF.Round), prepared.Extent, prepared.Geometry), NiftiType.Int16, grid, notFinite);
    }

    private static long MakeFinite(Volume volume, string path)
    {
        var finite = volume.Data.Where(float.IsFinite).DefaultIfEmpty(float.NaN).Min();
        if (float.IsNaN(finite)) throw new ImageFileException(path, "has no finite intensity. Convert or export it again.");
        var replaced = 0L;
        for (var i = 0; i < volume.Data.Length; i++)
        {
            if (float.IsFinite(volume.Data[i])) continue;
            volume.Data[i] = finite;
            replaced++;
        }
        return replaced;
    }
}
