using PUNet.Core.Common;
using PUNet.Core.Data;

namespace PUNet.Core.Tests.Data;

/// <summary>Small subjects with known content.</summary>
internal static class SyntheticSubjects
{
    /// <summary>The image holds one value per voxel, made by <paramref name="image"/> from its indices; so do the labels.</summary>
    public static LoadedSubject Make(Extent extent, Func<int, int, int, float> image, Func<int, int, int, byte> labels, string id = "a")
    {
        var subject = new LoadedSubject(id, new float[extent.Count], new byte[extent.Count], extent);
        for (var (h, i) = (0, 0); h < extent.H; h++)
            for (var w = 0; w < extent.W; w++)
                for (var d = 0; d < extent.D; d++, i++)
                    (subject.Image[i], subject.Labels[i]) = (image(h, w, d), labels(h, w, d));
        return subject;
    }

    /// <summary>Noise and random labels 0…classes.</summary>
    public static LoadedSubject Random(Extent extent, int classes, string id = "a")
    {
        var random = new RandomStream(5, id);
        return Make(extent, (_, _, _) => (float)random.Normal(), (_, _, _) => (byte)random.Integer(0, classes + 1), id);
    }
}
