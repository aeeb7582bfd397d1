using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data.Phantoms;

/// <summary>Scans an anatomy: the grid (spacing, orientation, tilt), partial volume, blur and noise.</summary>
internal static class PhantomScan
{
    private const float Air = -1000;
    private static readonly string[] _unusual = ["RAS", "LPI", "PLS", "LAS", "ARI"];

    /// <summary>One subject's image in HU and its label map.</summary>
    /// <param name="options">Extents, spacings, noise.</param>
    /// <param name="index">Decides which of the subjects have unusual axes.</param>
    /// <param name="random">Draws everything else.</param>
    public static (Volume Image, LabelMap Labels) Take(PhantomOptions options, int index, RandomStream random)
    {
        var anatomy = new PhantomAnatomy(random.Child("anatomy"));
        var warp = new PhantomWarp(random.Child("warp"));
        var (extent, geometry) = Grid(options, index, random.Child("grid"));
        var (image, labels) = Paint(anatomy, warp, extent, geometry, random.Child("texture"));
        var blurred = Blur(image, extent);
        AddNoise(blurred, extent, options.Noise, random.Child("noise"));
        return (new Volume(blurred, extent, geometry), new LabelMap(labels, extent, geometry));
    }

    /// <summary>Of four subjects two lie straight in LPS, one has other axes and one is tilted.</summary>
    private static (Extent Extent, Geometry Geometry) Grid(PhantomOptions options, int index, RandomStream random)
    {
        var inPlane = random.Uniform(options.InPlaneSpacing.Low, options.InPlaneSpacing.High);
        var spacing = new Spacing(inPlane, inPlane, random.Uniform(options.SliceSpacing.Low, options.SliceSpacing.High));
        var slices = Math.Clamp((int)Math.Round(random.Uniform(168, 190) / spacing.D), options.Slices.Low, options.Slices.High);
        var extent = new Extent(options.InPlane, options.InPlane, slices);
        var orientation = index % 4 == 1 ? Orientation.Parse(_unusual[index / 4 % _unusual.Length]) : Orientation.Lps;
        double[] tilt = index % 4 == 3 ? [random.Uniform(-0.12, 0.12), random.Uniform(-0.06, 0.06)] : [0, 0];
        var (sx, cx) = Math.SinCos(tilt[0]); // about x
        var (sz, cz) = Math.SinCos(tilt[1]); // about z
        double[,] rotation = { { cz, -sz, 0 }, { cx * sz, cx * cz, -sx }, { sx * sz, sx * cz, cx } };
        double[] centre = [random.Uniform(-8, 8), random.Uniform(-8, 8), random.Uniform(-4, 4)];
        var rows = new double[12];
        for (var r = 0; r < 3; r++)
        {
            rows[4 * r + 3] = centre[r];
            for (var axis = 0; axis < 3; axis++)
            {
                var (column, sign) = orientation.Direction(axis);
                rows[4 * r + axis] = rotation[r, column] * sign * spacing[axis];
                rows[4 * r + 3] -= rows[4 * r + axis] * (extent[axis] - 1) / 2.0;
            }
        }
        return (extent, new Geometry(rows));
    }

    private static (float[] Image, ushort[] Labels) Paint(
        PhantomAnatomy anatomy, PhantomWarp warp, Extent extent, Geometry geometry, RandomStream random)
    {
        var image = new float[extent.Count];
        var labels = new ushort[extent.Count];
        var texture = new PhantomWaves(random, 4, (18, 45), (0.25, 0.5)); // within about ±1
        var edge = geometry.Spacing.H; // width of a partial-volume edge, mm
        var structures = anatomy.Structures;
        var at = 0;
        for (var h = 0; h < extent.H; h++)
            for (var w = 0; w < extent.W; w++)
                for (var d = 0; d < extent.D; d++, at++)
                {
                    var (mx, my, mz) = geometry.ToMm(h, w, d);
                    var (x, y, z) = warp.Apply(mx, my, mz);
                    var outline = PhantomTrunk.Outline(anatomy, x, y);
                    if (outline > 1.06)
                    {
                        image[at] = Air;
                        continue;
                    }
                    var wave = texture.At(x, y, z);
                    var hu = PhantomTrunk.Hu(anatomy, outline, x, y, z, edge) + 6 * wave;
                    byte label = 0;
                    if (outline < anatomy.FatShare)
                        foreach (var structure in structures)
                        {
                            var distance = structure.Shape.Distance(x, y, z);
                            if (distance >= edge / 2) continue;
                            var share = Math.Min(1, 0.5 - distance / edge);
                            hu += share * (structure.Hu + structure.Texture * wave - hu);
                            if (share >= 0.5) label = structure.Label;
                        }
                    image[at] = (float)hu;
                    labels[at] = label;
                }
        return (image, labels);
    }

    /// <summary>The scanner's blur: [1 6 1]/8 in plane, borders kept.</summary>
    private static float[] Blur(float[] image, Extent extent)
    {
        var result = (float[])image.Clone();
        int row = extent.W * extent.D, column = extent.D;
        for (var h = 1; h < extent.H - 1; h++)
            for (var i = h * row + column; i < (h + 1) * row - column; i++)
                result[i] = 0.5625f * image[i]
                    + 0.09375f * (image[i - row] + image[i + row] + image[i - column] + image[i + column])
                    + 0.015625f * (image[i - row - column] + image[i - row + column] + image[i + row - column] + image[i + row + column]);
        return result;
    }

    /// <summary>Noise of neighbours within a slice is correlated, as reconstruction makes it; rounded to whole HU, at least −1024.</summary>
    private static void AddNoise(float[] image, Extent extent, double sd, RandomStream random)
    {
        var noise = new float[image.Length];
        for (var i = 0; i < noise.Length; i++) noise[i] = (float)random.Normal();
        var scale = (float)(sd / Math.Sqrt(1 + 2 * 0.35 * 0.35));
        int row = extent.W * extent.D, column = extent.D;
        for (var i = 0; i < image.Length; i++)
        {
            var neighbours = (i >= row ? noise[i - row] : noise[i + row]) + (i % row >= column ? noise[i - column] : noise[i + column]);
            image[i] = MathF.Max(-1024, MathF.Round(image[i] + scale * (noise[i] + 0.35f * neighbours)));
        }
    }
}
