using PUNet.Core.Common;
using PUNet.Core.Data.Augmentation;

namespace PUNet.Core.Tests.Data.Augmentation;

public sealed class AffineSamplerTests
{
    [Fact]
    public void The_identity_copies_bit_by_bit()
    {
        var extent = new Extent(9, 7, 3);
        var image = Noise(extent);
        Assert.Equal(image, Linear(InPlaneAffine.Identity, image, extent));
        Assert.Equal(image, Nearest(InPlaneAffine.Identity, image, extent));
    }

    [Fact]
    public void A_quarter_turn_moves_every_voxel_to_another_ones_place()
    {
        var extent = new Extent(8, 8, 2);
        var image = Noise(extent);
        var turned = Linear(InPlaneAffine.Identity with { Rotation = Math.PI / 2 }, image, extent);
        for (var h = 0; h < 8; h++)
            for (var w = 0; w < 8; w++)
                for (var d = 0; d < 2; d++) // output (h, w) reads the input at (−w, h) from the centre
                    Assert.Equal(image[((7 - w) * 8 + h) * 2 + d], turned[(h * 8 + w) * 2 + d], 1e-5f);
    }

    [Fact]
    public void Rotation_is_applied_after_shear_and_shear_after_scale()
    {
        var affine = new InPlaneAffine(0.3, 0.02, -0.01, 1.15, 0.9);
        double[,] Product(double[,] a, double[,] b) => new[,]
        {
            { a[0, 0] * b[0, 0] + a[0, 1] * b[1, 0], a[0, 0] * b[0, 1] + a[0, 1] * b[1, 1] },
            { a[1, 0] * b[0, 0] + a[1, 1] * b[1, 0], a[1, 0] * b[0, 1] + a[1, 1] * b[1, 1] },
        };
        var expected = Product(
            Product(new[,] { { Math.Cos(0.3), -Math.Sin(0.3) }, { Math.Sin(0.3), Math.Cos(0.3) } }, new[,] { { 1, 0.02 }, { -0.01, 1 } }),
            new[,] { { 1.15, 0 }, { 0, 0.9 } });
        var matrix = affine.Matrix();
        Assert.Equal([expected[0, 0], expected[0, 1], expected[1, 0], expected[1, 1]], [matrix.HH, matrix.HW, matrix.WH, matrix.WW], new Near(1e-12));
    }

    [Fact]
    public void Positions_beyond_the_border_are_reflected_at_the_outermost_voxels()
    {
        var image = Enumerable.Range(0, 5).Select(i => (float)i).ToArray(); // one row of 5
        var doubled = Linear(InPlaneAffine.Identity with { ScaleW = 2 }, image, new Extent(1, 5, 1)); // reads −2, 0, 2, 4, 6
        Assert.Equal([2f, 0, 2, 4, 2], doubled);
        var far = Linear(InPlaneAffine.Identity with { ScaleW = 6 }, image, new Extent(1, 5, 1)); // reads −10, −4, 2, 8, 14
        Assert.Equal([2f, 4, 2, 0, 2], far);
    }

    [Fact]
    public void A_part_is_what_the_whole_holds_there()
    {
        var (extent, part) = (new Extent(20, 16, 4), new Extent(7, 9, 2));
        var affine = new InPlaneAffine(0.4, 0.02, 0.01, 1.2, 0.8);
        var (image, whole) = (Noise(extent), Linear(affine, Noise(extent), extent));
        var output = new float[part.Count];
        new AffineSampler(affine, extent, (11, 5, 1), part).Linear(image, output);
        for (var h = 0; h < 7; h++)
            for (var w = 0; w < 9; w++)
                for (var d = 0; d < 2; d++)
                    Assert.Equal(whole[((11 + h) * 16 + 5 + w) * 4 + 1 + d], output[(h * 9 + w) * 2 + d]);
        Assert.Throws<ArgumentException>(() => new AffineSampler(affine, extent, (14, 5, 1), part));
    }

    [Fact]
    public void Random_affines_keep_to_their_probability_and_ranges()
    {
        var random = new RandomStream(1, "affine");
        var drawn = Enumerable.Range(0, 4000).Select(_ => InPlaneAffine.Draw(AugmentationOptions.Student, random)).ToList();
        var moved = drawn.Where(affine => affine != InPlaneAffine.Identity).ToList();
        Assert.InRange(moved.Count / 4000.0, 0.78, 0.82);
        Assert.All(moved, affine =>
        {
            Assert.InRange(affine.Rotation, -0.4, 0.4);
            Assert.InRange(affine.ShearHW, -0.025, 0.025);
            Assert.InRange(affine.ScaleW, 0.75, 1.25);
        });
        Assert.InRange(moved.Average(affine => affine.Rotation), -0.02, 0.02);
        Assert.InRange(moved.Max(affine => affine.ScaleH), 1.24, 1.25);
        Assert.InRange(moved.Average(affine => affine.ShearWH * affine.ShearWH), 0.95 * 0.025 * 0.025 / 3, 1.05 * 0.025 * 0.025 / 3);
    }

    private static float[] Noise(Extent extent)
    {
        var random = new RandomStream(3, "noise");
        return [.. Enumerable.Range(0, (int)extent.Count).Select(_ => (float)random.Normal())];
    }

    private static float[] Linear(InPlaneAffine affine, float[] image, Extent extent)
    {
        var output = new float[image.Length];
        new AffineSampler(affine, extent, default, extent).Linear(image, output);
        return output;
    }

    private static float[] Nearest(InPlaneAffine affine, float[] image, Extent extent)
    {
        var output = new float[image.Length];
        new AffineSampler(affine, extent, default, extent).Nearest<float>(image, output);
        return output;
    }

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double value) => 0;
    }
}
