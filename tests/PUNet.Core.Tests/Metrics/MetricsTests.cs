using FsCheck;
using FsCheck.Fluent;
using PUNet.Core.Common;
using PUNet.Core.Metrics;

namespace PUNet.Core.Tests.Metrics;

public sealed class MetricsTests
{
    private static readonly double[] _unit = [1, 1, 1];

    [Fact]
    public void Dice_counts_each_class_and_is_undefined_where_the_class_is_nowhere()
    {
        var overlaps = Overlap.Count([0, 1, 1, 2, 0], [0, 1, 2, 2, 1], 3);
        Assert.Equal(2.0 / 3, overlaps[0].Dice!.Value, 12);
        Assert.Equal(0.5, overlaps[1].Dice);
        Assert.Equal(1.0 / 3, overlaps[1].Iou!.Value, 12);
        Assert.Equal(2.0 / 3, overlaps[2].Dice!.Value, 12);
        Assert.Null(overlaps[3].Dice);
        Assert.Equal(0, new Overlap(5, 0, 0).Dice);
        Assert.Contains("5 and 4", Assert.Throws<ArgumentException>(() => Overlap.Count(new byte[5], new byte[4], 1)).Message);
    }

    [Fact]
    public void Voxels_that_nobody_annotated_count_in_neither_reference_nor_prediction()
    {
        byte[] reference = [1, 1, 255, 255, 0, 0], prediction = [1, 0, 1, 0, 1, 0];
        var expected = new Overlap(Reference: 2, Prediction: 2, Common: 1);
        Assert.Equal(expected, Overlap.Of(Array.ConvertAll(prediction, x => x == 1), reference, 1));
        Assert.Equal(expected, Overlap.Count(reference, prediction, 1)[1]);
    }

    [Fact]
    public void The_distance_transform_is_the_smallest_distance_over_all_marks()
    {
        var cases = from seed in Gen.Choose(0, 100000)
                    from h in Gen.Choose(1, 6)
                    from w in Gen.Choose(1, 6)
                    from d in Gen.Choose(1, 6)
                    select (seed, extent: new Extent(h, w, d));
        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var random = new RandomStream(x.seed, "marks");
            double[] spacing = [random.Uniform(0.5, 2), random.Uniform(0.5, 2), random.Uniform(0.5, 6)];
            var marked = Enumerable.Range(0, (int)x.extent.Count).Select(_ => random.Chance(0.1)).ToArray();
            var distances = DistanceTransform.Run(marked, x.extent, spacing);
            return Enumerable.Range(0, marked.Length).All(i =>
            {
                var expected = Enumerable.Range(0, marked.Length).Where(j => marked[j]).Select(j => Distance(i, j, x.extent, spacing))
                    .DefaultIfEmpty(double.PositiveInfinity).Min();
                return distances[i] == expected || Math.Abs(distances[i] - expected) < 1e-9;
            });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Surface_elements_of_a_box_add_up_to_its_faces_and_opposite_codes_have_the_same_area_where_no_face_is_ambiguous()
    {
        var areas = SurfaceElements.Areas([2, 3, 5]);
        Assert.Equal(0, areas[0]);
        Assert.Equal(0, areas[255]);
        Assert.Equal(3 * 5, areas[0b11110000], 12); // a wall across axis 0
        Assert.Equal(2 * 5, areas[0b11001100], 12);
        Assert.Equal(2 * 3, areas[0b10101010], 12);
        var corner = areas[1]; // a triangle through the middles of the three edges
        Assert.Equal(Math.Sqrt(Math.Pow(1 * 1.5, 2) + Math.Pow(1.5 * 2.5, 2) + Math.Pow(1 * 2.5, 2)) / 2, corner, 12);
        for (var bit = 0; bit < 8; bit++) Assert.Equal(corner, areas[255 ^ (1 << bit)], 12);
        Assert.All(areas[1..255], area => Assert.True(area > 0));
    }

    [Fact]
    public void A_mask_has_no_distance_to_itself_and_a_shift_is_measured_in_millimetres()
    {
        var extent = new Extent(14, 12, 10);
        var (box, shifted) = (Box(extent, 3), Box(extent, 5));
        double[] spacing = [1.5, 1, 1];
        var same = SurfaceDistances.Measure(box, box, extent, spacing)!;
        Assert.Equal((0.0, 0.0, 1.0), (same.Hausdorff(100), same.Assd, same.SurfaceDice(0)));
        var moved = SurfaceDistances.Measure(box, shifted, extent, spacing)!;
        Assert.Equal(3, moved.Hausdorff(100), 12); // two voxels of 1.5 mm
        Assert.InRange(moved.Assd, 0.1, 3);
        Assert.Equal(1, moved.SurfaceDice(3), 12);
        Assert.InRange(moved.SurfaceDice(1), 0.3, 0.95);
    }

    [Fact]
    public void Distances_to_a_class_that_is_missing_are_undefined()
    {
        var extent = new Extent(14, 12, 10);
        Assert.Null(SurfaceDistances.Measure(Box(extent, 3), new bool[extent.Count], extent, _unit));
        Assert.Null(SurfaceDistances.Measure(new bool[extent.Count], Box(extent, 3), extent, _unit));
    }

    [Fact]
    public void Every_metric_of_the_list_has_a_value_of_two_masks_and_its_best_one_of_the_same_mask()
    {
        var extent = new Extent(14, 12, 10);
        var reference = Array.ConvertAll(Box(extent, 3), inside => inside ? (byte)7 : (byte)0);
        MaskPair Pair(bool[] prediction) => new(prediction, reference, 7, extent, [1.5, 1, 1]);
        var (same, moved, empty) = (Pair(Box(extent, 3)), Pair(Box(extent, 5)), Pair(new bool[extent.Count]));
        var different = SegmentationMetrics.All.DistinctBy(metric => metric.Name).DistinctBy(metric => metric.Title);
        Assert.Equal(SegmentationMetrics.All, different);
        Assert.All(SegmentationMetrics.All, metric =>
        {
            Assert.Equal(metric.HigherIsBetter ? 1.0 : 0.0, metric.Value(same));
            Assert.Equal(metric.HigherIsBetter, metric.Value(moved) < metric.Value(same));
            Assert.Equal(metric.Unit == "%" ? 100 : 1, metric.Scale);
            // a share is 0, all of the volume is missing, a distance does not exist
            Assert.Equal(metric.HigherIsBetter ? 0 : metric.Unit == "%" ? 1 : null, metric.Value(empty));
        });
        double? Of(string name) => SegmentationMetrics.All.First(metric => metric.Name == name).Value(moved);
        Assert.Equal(4.0 / 6, Of("dice")!.Value, 12); // two of six slices are shifted away
        Assert.Equal(3, Of("hd95")!.Value, 12);
        Assert.Equal(moved.Surfaces!.SurfaceDice(2), Of("nsd_2mm"));
        Assert.Equal(moved.Surfaces.Assd, Of("assd"));
    }

    [Fact]
    public void No_surface_lies_around_voxels_that_nobody_annotated()
    {
        var extent = new Extent(14, 12, 10);
        var inside = Box(extent, 3);
        byte[] reference = [.. inside.Select((x, i) => x ? (byte)1 : i == 0 ? IgnoredLabel.Value : (byte)0)];
        var prediction = (bool[])inside.Clone();
        prediction[0] = true; // far from the reference, but ignored
        var pair = new MaskPair(prediction, reference, 1, extent, _unit);
        Assert.Equal((1.0, 0.0, 1.0), (pair.Overlap.Dice, pair.Surfaces!.Hausdorff(100), pair.SurfaceDice(0)));
        Assert.Null(new MaskPair(new bool[extent.Count], new byte[extent.Count], 1, extent, _unit).SurfaceDice(2));
    }

    private static bool[] Box(Extent extent, int first)
    {
        var mask = new bool[extent.Count];
        for (var i = 0; i < mask.Length; i++)
        {
            var (h, w, d) = (i / (extent.W * extent.D), i / extent.D % extent.W, i % extent.D);
            if (h >= first && h < first + 6 && w is >= 2 and < 9 && d is >= 2 and < 8) mask[i] = true;
        }
        return mask;
    }

    private static double Distance(int i, int j, Extent extent, double[] spacing)
    {
        double[] At(int index) =>
            [index / (extent.W * extent.D) * spacing[0], index / extent.D % extent.W * spacing[1], index % extent.D * spacing[2]];
        return Math.Sqrt(At(i).Zip(At(j), (a, b) => (a - b) * (a - b)).Sum());
    }
}
