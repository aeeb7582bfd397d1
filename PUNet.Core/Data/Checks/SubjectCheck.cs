using PUNet.Core.Common;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Grids;
using PUNet.Core.Imaging.Nifti;

namespace PUNet.Core.Data.Checks;

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
        Agree(new LabelGrid(i.Geometry, i.Extent, files.LabelsUpsideDown ? i.Geometry : l.Geometry, l.Extent));
        return (new CheckedSubject(files, i.Extent, i.Geometry, i.Intensities, l.Labels, i.Hash, l.Hash), _findings);
    }

    private (Extent Extent, Geometry Geometry, IntensitySummary Intensities, string Hash)? Image(NiftiFile file)
    {
        var (extent, geometry) = (file.Extent, file.Geometry);
        if (!file.Header.HasOrientation)
            Add(files.ImagePath, Severity.Warning, "orientation",
                "has neither sform nor qform, so nothing tells left from right.",
                "Convert it again from its source, or set its affine.");
        Forms(files.ImagePath, file);
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
        Forms(files.LabelPath, file);
        using var tally = new LabelTally();
        file.Scan((block, _) => tally.Add(block));
        if (tally.NotLabels > 0)
            Add(files.LabelPath, Severity.Error, "labels",
                FormattableString.Invariant($"has {tally.NotLabels} voxels that are no label, the first of them {tally.Example}; ")
                    + $"labels are whole numbers from 0 to {ushort.MaxValue}.",
                "Check that it is not the image, or round its values (resampling of labels must be nearest).");
        var labels = tally.Labels();
        if (labels.Count == 0 && tally.NotLabels == 0)
            Add(files.LabelPath, Severity.Warning, "empty mask", "has no foreground voxel.",
                "Preparation leaves the subject out; annotate it, or keep it with keep_empty.");
        if (options.Labels is { } known && labels.Keys.Where(label => !known.ContainsKey(label)).ToList() is { Count: > 0 } unknown)
            Add(files.LabelPath, Severity.Error, "unknown label",
                $"has the unknown label{(unknown.Count > 1 ? "s" : "")} "
                    + $"{string.Join(", ", unknown.Select(label => $"{label} ({labels[label]} voxels)"))}; "
                    + $"known are {string.Join(", ", known.Keys.Order())}.",
                "Correct the annotation, or name the label among the classes.");
        return (extent, geometry, labels, tally.Hash());
    }

    private void Agree(LabelGrid grid)
    {
        if (grid.Way is not { } way)
            Add(files.LabelPath, Severity.Error, grid.Rule, $"does not fit its image: {grid.Difference}", LabelGrid.Remedy);
        else if (!way.IsNone)
            Add(files.LabelPath, Severity.Note, "orientation",
                $"has the axes {grid.Labels.Orientation} where its image has {grid.Image.Orientation}; both lie on one grid.",
                "Preparation turns the labels onto the image, voxel for voxel.");
    }

    private void Forms(string path, NiftiFile file)
    {
        if (file.Disagreement is { } problem)
            Add(path, Severity.Warning, "affine", $"{problem}.",
                "The sform is used. Where the other is right, correct the sform, or set its code to 0.");
    }

    private T? Read<T>(string path, Func<T?> read) where T : struct
    {
        try
        {
            return read();
        }
        catch (ImageFileException fault)
        {
            Add(path, Severity.Error, Unreadable, fault.Problem, "Download or convert it again.");
            return null;
        }
    }

    private void Add(string file, Severity severity, string rule, string problem, string remedy) =>
        _findings.Add(new Finding(file, severity, rule, problem, remedy));
}
