using PUNet.Core.Common;

namespace PUNet.Core.Data.Augmentation;

/// <summary>Random boxes that are replaced by noise, spared from it, or shuffled (method.md, section 6).</summary>
public static class Boxes
{
    /// <summary>Gives every voxel of some boxes its own value, uniform in the image's [min, max].</summary>
    public static void CutOut(Span<float> image, Extent extent, BoxOptions options, RandomStream random)
    {
        var (low, high) = Intensity.Range(image);
        foreach (var box in Draw(extent, options, random))
            foreach (var row in box.Rows(extent))
                foreach (ref var voxel in image.Slice(row, box.Size.D)) voxel = (float)random.Uniform(low, high);
    }

    /// <summary>Does the same to every voxel outside the union of the boxes.</summary>
    public static void KeepOnly(Span<float> image, Extent extent, BoxOptions options, RandomStream random)
    {
        var (low, high) = Intensity.Range(image);
        var kept = new bool[image.Length];
        foreach (var box in Draw(extent, options, random))
            foreach (var row in box.Rows(extent)) kept.AsSpan(row, box.Size.D).Fill(true);
        for (var i = 0; i < image.Length; i++)
            if (!kept[i]) image[i] = (float)random.Uniform(low, high);
    }

    /// <summary>Permutes the voxels inside each box.</summary>
    public static void Shuffle(Span<float> image, Extent extent, BoxOptions options, RandomStream random)
    {
        foreach (var box in Draw(extent, options, random))
        {
            var places = box.Rows(extent).SelectMany(row => Enumerable.Range(row, box.Size.D)).ToArray();
            for (var i = places.Length - 1; i > 0; i--)
            {
                var j = random.Integer(0, i + 1);
                (image[places[i]], image[places[j]]) = (image[places[j]], image[places[i]]);
            }
        }
    }

    private static Box[] Draw(Extent extent, BoxOptions options, RandomStream random)
    {
        var boxes = new Box[options.Boxes.Draw(random)];
        for (var i = 0; i < boxes.Length; i++)
        {
            var size = Extent.From(axis => Math.Min(options.Side.Draw(random), extent[axis]));
            boxes[i] = new(Extent.From(axis => random.Integer(0, extent[axis] - size[axis] + 1)), size);
        }
        return boxes;
    }

    private readonly record struct Box(Extent Start, Extent Size)
    {
        /// <summary>Index of the first voxel of every run along the depth.</summary>
        public IEnumerable<int> Rows(Extent extent)
        {
            for (var h = Start.H; h < Start.H + Size.H; h++)
                for (var w = Start.W; w < Start.W + Size.W; w++)
                    yield return (h * extent.W + w) * extent.D + Start.D;
        }
    }
}
