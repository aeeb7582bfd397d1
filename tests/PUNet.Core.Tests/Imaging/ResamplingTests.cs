using FsCheck;
using FsCheck.Fluent;
using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Tests.Imaging;

public sealed class ResamplingTests
{
    [Fact]
    public void A_ramp_stays_a_ramp_in_the_interior_when_the_grid_gets_finer()
    {
        var ramp = Volumes.Counting(new(8, 1, 1));
        var finer = Resampling.Image(ramp.Data, ramp.Extent, new(32, 1, 1));
        for (var i = 4; i < 28; i++) Assert.Equal(Resampling.Position(i, 8, 32), finer[i], 4);
    }

    [Fact]
    public void The_image_s_minimum_lies_outside()
    {
        var constant = new float[] { 5, 5, 5, 9 };
        var finer = Resampling.Image(constant, new(4, 1, 1), new(8, 1, 1));
        Assert.Equal(5, finer[0], 5); // reads position −1/4, between 5 outside and 5 inside
        Assert.Equal(0.75 * 9 + 0.25 * 5, finer[7], 5); // reads position 3 1/4
    }

    [Fact]
    public void Coarser_grids_are_smoothed_first_so_that_a_checkerboard_becomes_grey()
    {
        var board = new float[64];
        for (var i = 0; i < 64; i++) board[i] = i % 2;
        var coarse = Resampling.Image(board, new(64, 1, 1), new(16, 1, 1));
        Assert.All(coarse[2..14], x => Assert.InRange(x, 0.45, 0.55));
    }

    [Fact]
    public void Labels_are_never_mixed()
    {
        var cases = from h in Gen.Choose(1, 9)
                    from w in Gen.Choose(1, 9)
                    from d in Gen.Choose(1, 9)
                    from th in Gen.Choose(1, 20)
                    from td in Gen.Choose(1, 20)
                    select (source: new Extent(h, w, d), target: new Extent(th, w, td));
        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var labels = Volumes.Labels(x.source, (h, w, d) => (h + 2 * w + 5 * d) % 3 * 7);
            var resampled = Resampling.Labels(labels.Data, x.source, x.target);
            return resampled.Length == x.target.Count && resampled.All(label => label is 0 or 7 or 14);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Cropping_to_a_box_inside_and_padding_back_keeps_what_lies_in_the_box()
    {
        var volume = Volumes.Counting(new(6, 5, 4));
        var box = PadOrCrop.Apply<float>(volume.Data, volume.Extent, (1, 2, 0), new(3, 2, 4), -1);
        var back = PadOrCrop.Apply<float>(box, new(3, 2, 4), (-1, -2, 0), volume.Extent, -1);
        for (var i = 0; i < back.Length; i++)
        {
            var (h, w) = (i / 20, i / 4 % 5);
            Assert.Equal(h is >= 1 and < 4 && w is >= 2 and < 4 ? volume.Data[i] : -1, back[i]);
        }
    }

    [Fact]
    public void Percentiles_make_the_window_of_a_volume_without_units()
    {
        var image = Enumerable.Range(0, 101).Select(i => i * 1000f).Append(float.NaN).ToArray();
        var normalised = new Normalisation.Percentiles(10, 90).Apply(image);
        Assert.Equal(-1, normalised[10], 5);
        Assert.Equal(0, normalised[50], 5);
        Assert.Equal(1, normalised[95], 5);
        Assert.Equal(-1, normalised[101], 5);
        Assert.All(new Normalisation.Percentiles(0, 100).Apply([3, 3, 3]), x => Assert.Equal(-1, x));
    }

    [Fact]
    public void The_largest_component_s_box_ignores_what_does_not_touch_it()
    {
        var extent = new Extent(8, 8, 3);
        var image = Volumes.Labels(extent, (h, w, d) => (h is >= 2 and <= 5 && w is >= 1 and <= 3 && d <= 1) || (h == 7 && w == 7) ? 1 : 0);
        var box = LargestComponent.Box(Array.ConvertAll(image.Data, x => (float)x), extent, 0.5);
        Assert.Equal(((2, 1, 0), new Extent(4, 3, 2)), box);
        Assert.Null(LargestComponent.Box(new float[extent.Count], extent, 0.5));
    }
}
