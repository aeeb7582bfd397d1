using PUNet.Core.Common;

namespace PUNet.Core.Imaging.Grids;

/// <summary>Finds the steps that bring a scan onto the grid that options ask for.</summary>
/// <param name="options">What is asked for.</param>
internal sealed class GridFitting(GridOptions options)
{
    /// <summary>The steps for one scan.</summary>
    /// <param name="volume">The scan, with finite intensities.</param>
    /// <param name="box">What of it is kept at most, on its own axes; null: everything.</param>
    /// <param name="path">Its file, for messages.</param>
    /// <exception cref="ImageFileException">The box lies outside, or the result is more than memory holds.</exception>
    public GridTransform Fit(Volume volume, VoxelBox? box, string path)
    {
        var reorientation = options.Orientation is { } target ? Reorientation.Between(volume.Geometry.Orientation, target) : Reorientation.None;
        var extent = reorientation.Apply(volume.Extent);
        var spacing = reorientation.Apply(volume.Geometry, volume.Extent).Spacing;
        var (start, cropped) = (default(Extent), extent);
        if (box is not null) (start, cropped) = Reoriented(box, reorientation, volume.Extent, path);
        if (options.BodyCrop is { } crop)
            (start, cropped) = Body(crop, reorientation.Apply(volume.Data, volume.Extent), extent, spacing, start, cropped);
        var resampled = options.Spacing is { } wanted ? Resampling.Extent(cropped, spacing, wanted) : cropped;
        var prepared = new Extent(options.Rows ?? resampled.H, options.Columns ?? resampled.W, resampled.D);
        MustBeHeld(resampled, path);
        MustBeHeld(prepared, path);
        return new GridTransform
        {
            Source = volume.Extent,
            SourceGeometry = volume.Geometry,
            Reorientation = reorientation,
            CropStart = start,
            Cropped = cropped,
            Resampled = resampled,
            Scale = [.. Enumerable.Range(0, 3).Select(axis => options.Spacing is { } s ? s[axis] / spacing[axis] : 1)],
            WindowStart = [.. Enumerable.Range(0, 3).Select(axis => PadOrCrop.CentredStart(resampled[axis], prepared[axis]))],
            Prepared = prepared,
        };
    }

    private static void MustBeHeld(Extent extent, string path)
    {
        if ((double)extent.H * extent.W * extent.D > Array.MaxLength)
            throw new ImageFileException(
                path,
                $"would become {extent} voxels, more than memory holds. "
                    + "Prepare it with a larger spacing or a smaller in_plane_extent.");
    }

    /// <summary>The part of a box that lies in the volume, on the reoriented axes.</summary>
    private static (Extent Start, Extent Cropped) Reoriented(VoxelBox box, Reorientation reorientation, Extent source, string path)
    {
        int[] first = [box.First.H, box.First.W, box.First.D], end = [box.End.H, box.End.W, box.End.D];
        for (var axis = 0; axis < 3; axis++) (first[axis], end[axis]) = (Math.Max(0, first[axis]), Math.Min(source[axis], end[axis]));
        if (first.Zip(end).Any(range => range.First >= range.Second))
            throw new ImageFileException(
                path,
                $"has {source} voxels, and the box to crop it to, from {box.First} to {box.End}, lies outside. "
                    + "Check that box and image belong together.");
        return (
            Extent.From(a => reorientation.Reversed[a] ? source[reorientation.From[a]] - end[reorientation.From[a]] : first[reorientation.From[a]]),
            Extent.From(a => end[reorientation.From[a]] - first[reorientation.From[a]]));
    }

    /// <summary>The body's box with its margin, within the box that is kept already.</summary>
    private static (Extent Start, Extent Cropped) Body(BodyCrop crop, float[] image, Extent extent, Spacing spacing, Extent start, Extent cropped)
    {
        if (LargestComponent.Box(image, extent, crop.Threshold) is not { } body) return (start, cropped);
        int[] low = [body.Start.H, body.Start.W, body.Start.D];
        var margin = Extent.From(axis => (int)Math.Ceiling(crop.MarginMm / spacing[axis]));
        var first = Extent.From(axis => Math.Max(start[axis], low[axis] - margin[axis]));
        var end = Extent.From(axis => Math.Min(start[axis] + cropped[axis], low[axis] + body.Extent[axis] + margin[axis]));
        return Enumerable.Range(0, 3).All(axis => end[axis] > first[axis]) ? (first, Extent.From(axis => end[axis] - first[axis])) : (start, cropped);
    }
}
