using PUNet.Core.Common;
using PUNet.Core.Data.Batches;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Data.Preparation;

/// <summary>Prepares one subject; thread-safe.</summary>
internal sealed class SubjectPreparation
{
    private readonly DatasetSource _source;
    private readonly PreparationOptions _options;
    private readonly IReadOnlyList<string> _classes;
    private readonly byte[] _classOfLabel = new byte[ushort.MaxValue + 1];

    public SubjectPreparation(DatasetSource source, PreparationOptions options)
    {
        (_source, _options, _classes) = (source, options, options.ClassNames);
        foreach (var (label, name) in options.Classes) _classOfLabel[label] = (byte)(1 + _classes.ToList().IndexOf(name));
        if (options.IgnoredSourceLabel is { } ignored) _classOfLabel[ignored] = IgnoredLabel.Value;
    }

    /// <summary>Reads, transforms and writes one subject.</summary>
    /// <param name="subject">Its files.</param>
    /// <param name="key">What the outcome depends on.</param>
    /// <param name="folder">Where its volumes go.</param>
    public PreparationOutcome Run(SubjectFiles subject, string key, string folder)
    {
        var image = _source.Open(subject.ImagePath);
        var (source, isTurned) = ReadLabels(subject, image);
        var classes = Array.ConvertAll(source.Data, label => _classOfLabel[label]);
        _source.Unchanged(subject.LabelPath);
        if (ReasonToLeaveOut(classes) is { } reason) return new PreparationOutcome(key, null, reason);

        var volume = image.ReadVolume();
        _source.Unchanged(subject.ImagePath);
        var notFinite = MakeFinite(volume, subject.ImagePath);
        var grid = Grid(volume, subject.Crop?.In(volume.Extent), subject.ImagePath);
        var prepared = new Volume(grid.Image(volume.Data), grid.Prepared, grid.PreparedGeometry);
        var labels = grid.Labels(classes);
        var integer = image.Header.Type.IsInteger() && image.Header.Slope == 1 && image.Header.Intercept == Math.Round(image.Header.Intercept);
        var type = integer && prepared.Data.All(x => x is > short.MinValue and < short.MaxValue) ? NiftiType.Int16 : NiftiType.Float32;
        if (type == NiftiType.Int16) prepared = new Volume(Array.ConvertAll(prepared.Data, MathF.Round), prepared.Extent, prepared.Geometry);
        NiftiWriter.Write(Path.Combine(folder, PreparedFiles.Image), prepared, type);
        var map = new LabelMap(Array.ConvertAll(labels, c => (ushort)c), prepared.Extent, prepared.Geometry);
        NiftiWriter.Write(Path.Combine(folder, PreparedFiles.Labels), map);
        var intensities = IntensityStatistics.Of(prepared.Data, notFinite);
        var description = new PreparedSubject(subject.Id, prepared.Extent, prepared.Geometry.Spacing, Count(labels), grid, intensities);
        return new PreparationOutcome(key, description, null)
        {
            Disagreement = image.Disagreement,
            IsTurned = isTurned,
        };
    }

    /// <summary>The labels on the image's grid, and whether their axes had to be brought into the image's order and direction.</summary>
    private (LabelMap Labels, bool IsTurned) ReadLabels(SubjectFiles subject, NiftiFile image)
    {
        var labels = _source.Open(subject.LabelPath).ReadLabels();
        if (subject.LabelsUpsideDown)
        {
            var turned = new Reorientation([0, 1, 2], [false, false, true]).Apply(labels.Data, labels.Extent);
            labels = new LabelMap(turned, labels.Extent, image.Geometry);
        }
        var grid = new LabelGrid(image.Geometry, image.Extent, labels.Geometry, labels.Extent);
        if (grid.Way is not { } way)
            throw new ImageFileException(subject.LabelPath, $"does not fit its image {subject.ImagePath}: {grid.Difference} {LabelGrid.Remedy}");
        return way.IsNone ? (labels, false) : (new LabelMap(way.Apply(labels.Data, labels.Extent), image.Extent, image.Geometry), true);
    }

    private string? ReasonToLeaveOut(byte[] classes)
    {
        var voxels = Count(classes);
        if (!_options.KeepEmpty && voxels.Skip(1).All(n => n == 0)) return "it has no voxel of any class.";
        return _options.RequiredClasses.FirstOrDefault(name => voxels[1 + _classes.ToList().IndexOf(name)] == 0) is { } missing
            ? $"it has no voxel of {missing}."
            : null;
    }

    private static void MustBeHeld(Extent extent, string path)
    {
        if ((double)extent.H * extent.W * extent.D > Array.MaxLength)
            throw new ImageFileException(
                path,
                $"would become {extent} voxels, more than memory holds. "
                    + "Prepare it with a larger spacing or a smaller in_plane_extent.");
    }

    private long[] Count(byte[] classes)
    {
        var voxels = new long[1 + _classes.Count];
        foreach (var c in classes)
            if (c < voxels.Length) voxels[c]++;
        return voxels;
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

    private GridTransform Grid(Volume volume, VoxelBox? box, string path)
    {
        var reorientation = _options.Orientation is { } target ? Reorientation.Between(volume.Geometry.Orientation, target) : Reorientation.None;
        var extent = reorientation.Apply(volume.Extent);
        var spacing = reorientation.Apply(volume.Geometry, volume.Extent).Spacing;
        var (start, cropped) = (default(Extent), extent);
        if (box is not null) (start, cropped) = Reoriented(box, reorientation, volume.Extent, path);
        if (_options.BodyCrop is { } crop)
            (start, cropped) = Body(crop, reorientation.Apply(volume.Data, volume.Extent), extent, spacing, start, cropped);
        var resampled = _options.Spacing is { } wanted ? Resampling.Extent(cropped, spacing, wanted) : cropped;
        var prepared = _options.InPlaneExtent is { } plane ? new Extent(plane.H, plane.W, resampled.D) : resampled;
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
            Scale = [.. Enumerable.Range(0, 3).Select(axis => _options.Spacing is { } s ? s[axis] / spacing[axis] : 1)],
            WindowStart = [.. Enumerable.Range(0, 3).Select(axis => PadOrCrop.CentredStart(resampled[axis], prepared[axis]))],
            Prepared = prepared,
        };
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
