using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Inference.Pictures;

/// <summary>Keeps the label maps of the best and the worst subject while subjects are scored, two at most, and writes them as volumes.</summary>
/// <param name="folder">The evaluation's folder.</param>
internal sealed class VolumeChoice(string folder)
{
    private const long MostVoxels = 3_000_000; // about 2 MB compressed

    private Kept? _best;
    private Kept? _worst;

    private sealed record Kept(string Subject, double MeanDice, byte[] Labels);

    /// <summary>Offers a subject.</summary>
    /// <param name="subject">Its name.</param>
    /// <param name="dice">Of each class that it has, 0–1; a subject without one is never chosen.</param>
    /// <param name="labels">The predicted label map, C-order [H, W, D]; kept, not copied.</param>
    public void Offer(string subject, IReadOnlyList<double> dice, byte[] labels)
    {
        if (dice.Count == 0) return;
        var offered = new Kept(subject, dice.Average(), labels);
        if (_best is null || offered.MeanDice > _best.MeanDice) _best = offered;
        if (_worst is null || offered.MeanDice <= _worst.MeanDice) _worst = offered;
    }

    /// <summary>Writes what was chosen, and <see cref="SubjectVolumes"/>.</summary>
    /// <param name="classes">Names of the dataset's classes.</param>
    /// <param name="load">Loads a subject by its name.</param>
    /// <param name="geometry">Where a subject's prepared grid lies.</param>
    public void Write(IReadOnlyList<string> classes, Func<string, LoadedSubject> load, Func<string, Geometry> geometry)
    {
        var written = new List<SubjectVolume>();
        if (_best is not null) written.Add(Write(SubjectRank.Best, _best, load, geometry));
        if (_worst is not null && _worst.Subject != _best?.Subject) written.Add(Write(SubjectRank.Worst, _worst, load, geometry));
        new SubjectVolumes { Volumes = written, Classes = classes }.Write(folder);
    }

    private SubjectVolume Write(SubjectRank rank, Kept kept, Func<string, LoadedSubject> load, Func<string, Geometry> geometry)
    {
        Directory.CreateDirectory(Path.Combine(folder, "volumes"));
        var subject = load(kept.Subject);
        var step = 1;
        while (Thinned(subject.Extent, step).Count > MostVoxels) step++;
        var (extent, place) = (Thinned(subject.Extent, step), geometry(kept.Subject).Along(_ => (step, 0)));
        var volume = new SubjectVolume(rank, kept.Subject, kept.MeanDice, step);
        var image = Every(subject.Extent, step, i => MathF.Round((Math.Clamp(subject.Image[i], -1, 1) + 1) * 127.5f));
        NiftiWriter.Write(Path.Combine(folder, volume.Image), new Volume(image, extent, place), NiftiType.UInt8);
        WriteLabels(volume.Reference, i => subject.Labels[i] == IgnoredLabel.Value ? (ushort)0 : subject.Labels[i]);
        WriteLabels(volume.Prediction, i => kept.Labels[i]);
        return volume;

        void WriteLabels(string file, Func<long, ushort> label) =>
            NiftiWriter.Write(Path.Combine(folder, file), new LabelMap(Every(subject.Extent, step, label), extent, place));
    }

    private static Extent Thinned(Extent extent, int step) =>
        new((extent.H + step - 1) / step, (extent.W + step - 1) / step, (extent.D + step - 1) / step);

    /// <summary>Values of every so many-th voxel of each axis, C-order.</summary>
    private static T[] Every<T>(Extent extent, int step, Func<long, T> value)
    {
        var (values, at) = (new T[Thinned(extent, step).Count], 0);
        for (var h = 0; h < extent.H; h += step)
            for (var w = 0; w < extent.W; w += step)
                for (var d = 0; d < extent.D; d += step)
                    values[at++] = value(((long)h * extent.W + w) * extent.D + d);
        return values;
    }
}
