using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using PUNet.Core.Common;

namespace PUNet.Core.Data.Batches;

/// <summary>Random voxels of wanted classes.</summary>
internal static class ForegroundVoxel
{
    private const int Chunk = 1 << 14;
    private static readonly ConditionalWeakTable<ISubjectVoxels, long[]> _counts = [];
    private static readonly ConditionalWeakTable<ISubjectVoxels, ConcurrentDictionary<byte, int[]>> _slices = [];

    /// <summary>A voxel of one of the classes that the subject has, each class equally likely; null if it has none of them.</summary>
    public static Extent? Draw(ISubjectVoxels subject, IReadOnlyList<int> classes, RandomStream random, ForegroundSampling sampling = default)
    {
        var counts = _counts.GetValue(subject, Counts);
        var present = classes.Where(label => counts[label] > 0).ToList();
        if (present.Count == 0) return null;
        var label = (byte)present[random.Integer(0, present.Count)];
        if (sampling == ForegroundSampling.Slices) return InSlice(subject, label, random);
        var nth = (long)(random.NextDouble() * counts[label]);
        var index = Find(subject.Labels, label, nth);
        var (w, d) = (subject.Extent.W, subject.Extent.D);
        return new((int)(index / ((long)w * d)), (int)(index / d % w), (int)(index % d));
    }

    private static Extent InSlice(ISubjectVoxels subject, byte label, RandomStream random)
    {
        var slices = _slices.GetValue(subject, _ => new()).GetOrAdd(label, wanted => SlicesOf(subject, wanted));
        var (w, d) = (subject.Extent.W, subject.Extent.D);
        var slice = slices[random.Integer(0, slices.Length)];
        var inside = new List<int>();
        for (var i = slice; i < subject.Labels.Length; i += d)
            if (subject.Labels[i] == label) inside.Add(i);
        var index = inside[random.Integer(0, inside.Count)];
        return new(index / (w * d), index / d % w, slice);
    }

    private static int[] SlicesOf(ISubjectVoxels subject, byte label)
    {
        var shown = new bool[subject.Extent.D];
        for (var i = 0; i < subject.Labels.Length; i++)
            if (subject.Labels[i] == label) shown[i % shown.Length] = true;
        return [.. Enumerable.Range(0, shown.Length).Where(slice => shown[slice])];
    }

    private static long[] Counts(ISubjectVoxels subject)
    {
        var counts = new long[256];
        foreach (var label in subject.Labels) counts[label]++;
        return counts;
    }

    private static long Find(byte[] labels, byte label, long nth)
    {
        for (var start = 0; ; start += Chunk)
        {
            var chunk = labels.AsSpan(start, Math.Min(Chunk, labels.Length - start));
            var here = chunk.Count(label);
            if (nth >= here)
            {
                nth -= here;
                continue;
            }
            for (var i = 0; ; i++)
                if (chunk[i] == label && nth-- == 0) return start + i;
        }
    }
}
