using PUNet.Core.Common;
using PUNet.Core.Data.Augmentation;

namespace PUNet.Core.Tests.Data.Augmentation;

public sealed class DistortionTests
{
    private static readonly Extent _extent = new(40, 36, 1);

    [Fact]
    public void Contrast_keeps_the_extremes_and_an_exponent_of_1_changes_nothing()
    {
        var (image, changed) = (Noise(), Noise());
        Intensity.Contrast(changed, 1);
        for (var i = 0; i < image.Length; i++) Assert.Equal(image[i], changed[i], 1e-5f);
        Intensity.Contrast(changed, 3);
        Assert.Equal(image.Min(), changed.Min(), 1e-5f);
        Assert.Equal(image.Max(), changed.Max(), 1e-5f);
        Assert.True(changed.Average() < image.Average() - 0.3f);
    }

    [Fact]
    public void A_shift_moves_the_mean_by_standard_deviations()
    {
        var (image, changed) = (Noise(), Noise());
        Intensity.Shift(changed, 0.2);
        var mean = image.Average();
        var deviation = Math.Sqrt(image.Average(value => (value - mean) * (value - mean)));
        Assert.Equal(mean + 0.2 * deviation, changed.Average(), 1e-5);
    }

    [Fact]
    public void A_histogram_shift_keeps_the_order_of_intensities_and_the_extremes()
    {
        var random = new RandomStream(1, "points");
        for (var repeat = 0; repeat < 50; repeat++)
        {
            var (reference, floating) = Intensity.DrawHistogramPoints(10, random);
            Assert.Equal((0f, 1f), (floating[0], floating[^1]));
            Assert.Equal(floating.Order(), floating);
            var (image, changed) = (Noise(), Noise());
            Intensity.HistogramShift(changed, reference, floating);
            Array.Sort(image, changed);
            Assert.Equal(changed.Order(), changed);
            Assert.Equal(image[0], changed[0], 1e-5f);
            Assert.Equal(image[^1], changed[^1], 1e-5f);
        }
    }

    [Fact]
    public void Constant_images_survive_every_change()
    {
        var options = new AugmentationOptions().Scaled(
            0) with
        { ShiftProbability = 1, ContrastProbability = 1, HistogramProbability = 1, CutOutProbability = 1 };
        var image = Enumerable.Repeat(-1f, 40 * 36).ToArray();
        Distortion.Apply(image, _extent, options, new RandomStream(1, "constant"));
        Assert.All(image, value => Assert.Equal(-1, value, 1e-5f));
    }

    [Fact]
    public void The_bias_field_is_the_exponential_of_its_polynomial()
    {
        var extent = new Extent(5, 3, 4);
        float[] Field(params (int Index, float Value)[] entries)
        {
            var (field, coefficients) = (Enumerable.Repeat(1f, 60).ToArray(), new float[BiasField.Coefficients]);
            foreach (var (index, value) in entries) coefficients[index] = value;
            BiasField.Apply(field, extent, coefficients);
            return field;
        }
        Assert.All(Field(), value => Assert.Equal(1, value));
        Assert.All(Field((0, 0.3f)), value => Assert.Equal(MathF.Exp(0.3f), value, 1e-6f));
        var alongDepth = Field((1, 0.3f)); // L_1 along the last axis
        for (var i = 0; i < 60; i++) Assert.Equal(Math.Exp(0.3 * (-1 + 2.0 * (i % 4) / 3)), alongDepth[i], 1e-6);
        var along1 = Field((19, 0.3f)); // L_3 along the first axis
        for (var i = 0; i < 60; i++)
        {
            var u = -1 + 2.0 * (i / 12) / 4;
            Assert.Equal(Math.Exp(0.3 * (5 * u * u * u - 3 * u) / 2), along1[i], 1e-6);
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.6)]
    public void Every_change_happens_as_often_as_its_probability_says(double probability)
    {
        var none = AugmentationOptions.None;
        AugmentationOptions[] one =
        [
            none with { CutOutProbability = probability }, none with { KeepOnlyProbability = probability, KeepOnly = new(new(1, 1), new(5, 5)) },
            none with { ShuffleProbability = probability }, none with { BiasFieldProbability = probability },
            none with { ShiftProbability = probability }, none with { ContrastProbability = probability },
            none with { HistogramProbability = probability },
        ];
        var random = new RandomStream(7, "how often");
        foreach (var options in one)
        {
            var changed = 0;
            for (var i = 0; i < 800; i++)
            {
                var image = Noise();
                Distortion.Apply(image, _extent, options, random);
                if (!image.AsSpan().SequenceEqual(Noise())) changed++;
            }
            Assert.InRange(changed / 800.0, probability - 0.055, probability + 0.055);
        }
    }

    [Fact]
    public void Boxes_exclude_each_other()
    {
        var options = AugmentationOptions.None with { CutOutProbability = 0.5, ShuffleProbability = 0.5 };
        var random = new RandomStream(7, "exclude");
        var shuffled = 0;
        for (var i = 0; i < 400; i++)
        {
            var image = Noise();
            Distortion.Apply(image, _extent, options, random);
            if (image.Order().SequenceEqual(Noise().Order())) shuffled++;
        }
        Assert.InRange(shuffled / 400.0, 0.42, 0.58);
    }

    [Fact]
    public void Cut_out_boxes_have_the_promised_number_and_sides_and_values_within_the_image()
    {
        var random = new RandomStream(7, "cut-out");
        var (reference, counts) = (Noise(), new List<int>());
        for (var i = 0; i < 200; i++)
        {
            var image = Noise();
            Boxes.CutOut(image, _extent, new BoxOptions(new(2, 2), new(5, 8)), random);
            counts.Add(Enumerable.Range(0, image.Length).Count(k => image[k] != reference[k]));
            Assert.True(image.Min() >= reference.Min() && image.Max() <= reference.Max());
        }
        Assert.InRange(counts.Min(), 25, 60); // both boxes may overlap
        Assert.InRange(counts.Max(), 100, 128);
    }

    [Fact]
    public void Keep_only_leaves_just_the_boxes_as_they_were()
    {
        var (image, reference) = (Noise(), Noise());
        Boxes.KeepOnly(image, _extent, new BoxOptions(new(1, 1), new(10, 10)), new RandomStream(7, "keep"));
        var kept = Enumerable.Range(0, image.Length).Where(k => image[k] == reference[k]).ToList();
        Assert.Equal(100, kept.Count);
        Assert.Equal(10, kept.Select(k => k / 36).Distinct().Count());
        Assert.Equal(10, kept.Select(k => k % 36).Distinct().Count());
    }

    [Fact]
    public void Shuffled_boxes_keep_their_voxels()
    {
        var (image, reference) = (Noise(), Noise());
        Boxes.Shuffle(image, _extent, new BoxOptions(new(1, 1), new(10, 60)), new RandomStream(8, "shuffle")); // a side is clipped to the image
        Assert.NotEqual(reference, image);
        Assert.Equal(reference.Order(), image.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(67)]
    public void The_range_sees_every_voxel(int length)
    {
        for (var at = 0; at < length; at++)
        {
            var image = new float[length];
            image[at] = 3;
            Assert.Equal(length == 1 ? (3f, 3f) : (0f, 3f), Intensity.Range(image));
            image[at] = -2;
            Assert.Equal(length == 1 ? (-2f, -2f) : (-2f, 0f), Intensity.Range(image));
        }
    }

    [Fact]
    public void Faults_of_the_options_are_told_together()
    {
        var faults = new AugmentationOptions
        {
            ShiftProbability = 1.2,
            ContrastGamma = new(0, 1),
            HistogramPoints = new(2, 1),
            MaximalRotation = -1,
        }.Faults("student").ToList();
        Assert.Equal(4, faults.Count);
        Assert.Contains("student augmentation: the shift probability must lie in [0, 1], not 1.2.", faults);
        Assert.Empty(AugmentationOptions.Teacher.Faults("teacher").Concat(AugmentationOptions.None.Faults("none")));
        Assert.Contains("the affine probability", Assert.Single(AugmentationOptions.Student.Scaled(2).Faults("student")));
    }

    private static float[] Noise()
    {
        var random = new RandomStream(3, "noise");
        return [.. Enumerable.Range(0, (int)_extent.Count).Select(_ => (float)random.Uniform(-1, 1))];
    }
}
