using PUNet.Core.Common;
using PUNet.Core.Data.Augmentation;
using PUNet.Core.Data.Batches;

namespace PUNet.Core.Tests.Data;

public sealed class ViewSamplerTests
{
    private static readonly AugmentationOptions _affineOnly = AugmentationOptions.None with { AffineProbability = 1 };
    private static readonly ViewOptions _affine = new()
    {
        Teacher = new(40, 32, 2),
        Students = [new(30, 28, 2), new(20, 16, 1)],
        StudentAugmentation = _affineOnly,
        TeacherAugmentation = _affineOnly,
    };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Coordinates_follow_the_image_through_crop_affine_and_reflection(int axis)
    {
        var extent = new Extent(50, 44, 6);
        var subject = SyntheticSubjects.Make(extent, (h, w, d) => new[] { h, w, d }[axis] - (extent[axis] - 1) / 2f, (_, _, _) => 0);
        var views = new ViewSampler(_affine).Draw(subject, [], new RandomStream(3, "views"));
        foreach (var view in views.Students.Append(views.Teacher))
        {
            var voxels = (int)view.Extent.Count;
            var coordinates = view.Coordinates.AsSpan(axis * voxels, voxels).ToArray();
            Assert.True(coordinates.Distinct().Count() > (axis == 2 ? 0 : 100));
            for (var i = 0; i < voxels; i++) Assert.Equal(view.Image[i], coordinates[i], 1e-4);
        }
    }

    [Fact]
    public void Labels_are_those_of_the_nearest_voxel_to_the_coordinates()
    {
        var subject = SyntheticSubjects.Random(new Extent(50, 44, 6), classes: 4);
        var view = new ViewSampler(_affine).Draw(subject, [], new RandomStream(3, "views")).Teacher;
        var voxels = (int)view.Extent.Count;
        for (var i = 0; i < voxels; i++)
        {
            int At(int axis) => (int)Math.Round(view.Coordinates[axis * voxels + i] + (subject.Extent[axis] - 1) / 2.0);
            Assert.Equal(subject.Labels[(At(0) * 44 + At(1)) * 6 + At(2)], view.Labels[i]);
        }
    }

    [Fact]
    public void A_volume_smaller_than_the_crop_is_padded_with_its_minimum_and_label_0()
    {
        var subject = SyntheticSubjects.Make(new Extent(5, 12, 1), (h, w, _) => h + w + 3, (_, _, _) => 2);
        var sampler = new ViewSampler(new ViewOptions
        {
            Teacher = new(8, 8, 2),
            Students = [new(8, 8, 2)],
            StudentAugmentation = AugmentationOptions.None,
            TeacherAugmentation = AugmentationOptions.None,
        });
        var view = sampler.DrawSingle(subject, [], new RandomStream(1, "views"));
        for (var h = 0; h < 8; h++)
            for (var d = 0; d < 2; d++)
            {
                var at = h * 8 * 2 + d;
                var inside = h is >= 1 and < 6 && d == 0; // 3 missing rows: 1 before, 2 after; 1 missing slice: after
                Assert.Equal(inside ? 2 : 0, view.Labels[at]);
                if (!inside) Assert.Equal(3, view.Image[at]);
                Assert.Equal(h - 1 - 2, view.Coordinates[at]);
            }
    }

    [Fact]
    public void With_foreground_fraction_1_every_crop_is_centred_on_the_active_class()
    {
        var subject = SyntheticSubjects.Make(new Extent(64, 64, 5), (_, _, _) => 0,
            (h, w, d) => (byte)(h is >= 30 and < 34 && w is >= 40 and < 44 && d == 2 ? 3 : h == 32 ? 1 : 0));
        var options = new ViewOptions
        {
            Teacher = new(17, 17, 1),
            Students = [new(17, 17, 1)],
            ForegroundFraction = 1,
            StudentAugmentation = AugmentationOptions.None,
        };
        var random = new RandomStream(1, "views");
        for (var i = 0; i < 20; i++)
            Assert.Equal(3, new ViewSampler(options).DrawSingle(subject, [3, 7], random).Labels[8 * 17 + 8]);
        Assert.Contains(Enumerable.Range(0, 20), _ => new ViewSampler(options).DrawSingle(subject, [7], random).Labels[8 * 17 + 8] != 3);
    }

    [Fact]
    public void Views_of_a_crop_overlap_but_are_augmented_on_their_own()
    {
        var views = new ViewSampler(_affine).Draw(SyntheticSubjects.Random(new Extent(50, 44, 6), 1), [], new RandomStream(1, "views"));
        double Mean(View view) => view.Coordinates.Take((int)view.Extent.Count).Average();
        Assert.All(views.Students, student => Assert.True(Math.Abs(Mean(student) - Mean(views.Teacher)) < 15));
        Assert.NotEqual(views.Students[0].Image.Take(20), views.Teacher.Image.Take(20));
    }

    [Fact]
    public void Every_fault_of_the_options_is_told()
    {
        var faults = Assert.Throws<ConfigurationException>(() => new ViewSampler(new ViewOptions
        {
            Teacher = new(100, 256, 1),
            ForegroundFraction = 2,
            StudentAugmentation = new() { MaximalScaling = 1.5 },
        })).Faults;
        Assert.Equal(4, faults.Count); // two students, the fraction, the scaling
        Assert.Contains("a student's view (224×224×1) must lie inside the teacher's (100×256×1) and have at least one voxel per axis.", faults);
    }
}
