using PUNet.Core.Common;

namespace PUNet.Core.Data.Batches;

/// <summary>A box cut from a subject. Outside the volume it holds the whole image's minimum and label 0 (method.md, section 5).</summary>
/// <param name="Image">C-order [H, W, D].</param>
/// <param name="Labels">C-order [H, W, D].</param>
/// <param name="Extent">H, W, D.</param>
/// <param name="Origin">Coordinates of the first voxel: voxels from the volume's centre.</param>
internal sealed record SubjectCrop(float[] Image, byte[] Labels, Extent Extent, (double H, double W, double D) Origin)
{
    /// <summary>Cuts out the box that begins at <paramref name="start"/>, which may lie outside the volume.</summary>
    public static SubjectCrop Cut(ISubjectVoxels subject, Extent start, Extent size)
    {
        var (volume, image, labels) = (subject.Extent, new float[size.Count], new byte[size.Count]);
        var from = Extent.From(axis => Math.Max(0, -start[axis]));
        var to = Extent.From(axis => Math.Min(size[axis], volume[axis] - start[axis]));
        if (from != default || to != size) Array.Fill(image, subject.Minimum);
        var (columns, run) = (to.W - from.W, to.D - from.D);
        for (var h = from.H; h < to.H; h++)
        {
            var source = ((start.H + h) * (long)volume.W + start.W + from.W) * volume.D + start.D + from.D;
            var target = (h * size.W + from.W) * size.D + from.D;
            if (size.D == 1) // single slices: a row at once
            {
                subject.Read(source, volume.D, image.AsSpan(target, columns));
                for (var w = 0; w < columns; w++) labels[target + w] = subject.Labels[source + (long)w * volume.D];
                continue;
            }
            for (var w = 0; w < columns; w++, source += volume.D, target += size.D)
            {
                subject.Read(source, 1, image.AsSpan(target, run));
                Array.Copy(subject.Labels, source, labels, target, run);
            }
        }
        double Centred(int axis) => start[axis] - (volume[axis] - 1) / 2.0;
        return new(image, labels, size, (Centred(0), Centred(1), Centred(2)));
    }
}
