using System.Runtime.CompilerServices;
using PUNet.Core.Common;

namespace PUNet.Core.Data.Batches;

/// <summary>Random voxels of wanted classes, each voxel of the chosen class equally likely.</summary>
internal static class ForegroundVoxel
{
    private const int Chunk = 1 << 14;
    private static readonly ConditionalWeakTable<ISubjectVoxels, long[]> _counts = [];

    /// <summary>A voxel of one of the classes that the subject has; null if it has none of them.</summary>
    public static Extent? Draw(ISubjectVoxels subject, IReadOnlyList<int> classes, RandomStream random)
    {
        var counts = _counts.GetValue(subject, Counts);
        var present = classes.Where(label => counts[label] > 0).ToList();
        if (present.Count == 0) return null;
        var label = (byte)present[random.Integer(0, present.Count)];
        var nth = (long)(random.NextDouble() * counts[label]);
        var index = Find(subject.Labels, label, nth);
        var (w, d) = (subject.Extent.W, subject.Extent.D);
        return new((int)(index / ((long)w * d)), (int)(index / d % w), (int)(index % d));
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
