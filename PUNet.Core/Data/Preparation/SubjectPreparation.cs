using PUNet.Core.Common;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Grids;
using PUNet.Core.Imaging.Nifti;

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
        var gridded = GriddedImage.Of(image, volume, _options.Grid, subject.Crop);
        var (prepared, grid) = (gridded.Volume, gridded.Grid);
        var labels = grid.Labels(classes);
        NiftiWriter.Write(Path.Combine(folder, PreparedFiles.Image), prepared, gridded.Type);
        var map = new LabelMap(Array.ConvertAll(labels, c => (ushort)c), prepared.Extent, prepared.Geometry);
        NiftiWriter.Write(Path.Combine(folder, PreparedFiles.Labels), map);
        var intensities = IntensityStatistics.Of(prepared.Data, gridded.NotFinite);
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
        return LabelGrid.Onto(image.Geometry, image.Extent, labels, subject.LabelPath, $"its image {subject.ImagePath}");
    }

    private string? ReasonToLeaveOut(byte[] classes)
    {
        var voxels = Count(classes);
        if (!_options.KeepEmpty && voxels.Skip(1).All(n => n == 0)) return "it has no voxel of any class.";
        return _options.RequiredClasses.FirstOrDefault(name => voxels[1 + _classes.ToList().IndexOf(name)] == 0) is { } missing
            ? $"it has no voxel of {missing}."
            : null;
    }

    private long[] Count(byte[] classes)
    {
        var voxels = new long[1 + _classes.Count];
        foreach (var c in classes)
            if (c < voxels.Length) voxels[c]++;
        return voxels;
    }
}
