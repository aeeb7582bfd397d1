using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data;

/// <summary>Checks one subject's files by themselves; reads them as streams, so that memory does not grow with them.</summary>
internal sealed class SubjectCheck(SubjectFiles files, CheckOptions options)
{
    private const string Unreadable = "file";
    private readonly List<Finding> _findings = [];

    /// <summary>What was measured, null where a file cannot be read, and what was found.</summary>
    public (CheckedSubject? Subject, IReadOnlyList<Finding> Findings) Run()
    {
        var image = Read(files.ImagePath, () => Image(NiftiFile.Open(files.ImagePath)));
        var labels = Read(files.LabelPath, () => Labels(NiftiFile.Open(files.LabelPath)));
        if (image is not { } i || labels is not { } l) return (null, _findings);
        Agree(i.Extent, i.Geometry, l.Extent, l.Geometry);
        return (new CheckedSubject(files, i.Extent, i.Geometry, i.Intensities, l.Labels, i.Hash, l.Hash), _findings);
    }

    private (Extent Extent, Geometry Geometry, IntensitySummary Intensities, string Hash)? Image(NiftiFile file)
    {
        var (extent, geometry) = (file.Extent, file.Geometry);
        if (!file.Header.HasOrientation)
            Add(files.ImagePath, Severity.Warning, "orientation", "has neither sform nor qform, so nothing tells left from right.", "Convert it again from its source, or set its affine.");
        using var tally = new IntensityTally();
        file.Scan((block, _) => tally.Add(block));
        var summary = tally.Summary();
        foreach (var finding in GeometryRules.Of(files.ImagePath, geometry)) _findings.Add(finding);
        foreach (var finding in IntensityRules.Of(files.ImagePath, summary, extent)) _findings.Add(finding);
        return (extent, geometry, summary, tally.Hash());
    }

    private (Extent Extent, Geometry Geometry, IReadOnlyDictionary<int, long> Labels, string Hash)? Labels(NiftiFile file)
    {
        var (extent, geometry) = (file.Extent, file.Geometry);
        using var tally = new LabelTally();
        file.Scan((block, _) => tally.Add(block));
        if (tally.NotLabels > 0)
            Add(files.LabelPath, Severity.Error, "labels", FormattableString.Invariant($"has {tally.NotLabels} voxels that are no label, the first of them {tally.Example}; labels are whole numbers from 0 to {ushort.MaxValue}."), "Check that it is not the image, or round its values (resampling of labels must be nearest).");
        var labels = tally.Labels();
        if (labels.Count == 0 && tally.NotLabels == 0)
            Add(files.LabelPath, Severity.Warning, "empty mask", "has no foreground voxel.", "Preparation leaves the subject out; annotate it, or keep it with keep_empty.");
        if (options.Labels is { } known && labels.Keys.Where(label => !known.ContainsKey(label)).ToList() is { Count: > 0 } unknown)
            Add(files.LabelPath, Severity.Error, "unknown label", $"has the unknown label{(unknown.Count > 1 ? "s" : "")} {string.Join(", ", unknown.Select(label => $"{label} ({labels[label]} voxels)"))}; known are {string.Join(", ", known.Keys.Order())}.", "Correct the annotation, or name the label among the classes.");
        return (extent, geometry, labels, tally.Hash());
    }

    private void Agree(Extent image, Geometry imageGeometry, Extent labels, Geometry labelGeometry)
    {
        if (image != labels)
            Add(files.LabelPath, Severity.Error, "shape", $"has {labels} voxels, its image {Path.GetFileName(files.ImagePath)} {image}.", "Both must lie on one grid; resample the label map (nearest).");
        else if (!files.LabelsUpsideDown && !imageGeometry.AgreesWith(labelGeometry, image, SubjectPreparation.GridToleranceMm(imageGeometry)))
            Add(files.LabelPath, Severity.Error, imageGeometry.Orientation != labelGeometry.Orientation ? "orientation" : "affine", $"lies at {labelGeometry}, its image at {imageGeometry}.", "Both must lie on one grid; correct the label map's affine.");
    }

    private T? Read<T>(string path, Func<T?> read) where T : struct
    {
        try
        {
            return read();
        }
        catch (ImageFileException fault)
        {
            var problem = fault.Message.StartsWith($"{fault.Path}: ", StringComparison.Ordinal) ? fault.Message[(fault.Path.Length + 2)..] : fault.Message;
            Add(path, Severity.Error, Unreadable, problem, "Download or convert it again.");
            return null;
        }
    }

    private void Add(string file, Severity severity, string rule, string problem, string remedy) => _findings.Add(new Finding(file, severity, rule, problem, remedy));
}
