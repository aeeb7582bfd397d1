using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Batches;

namespace PUNet.Core.Tests.Data;

public sealed class ForegroundVoxelTests
{
    private const int Draws = 3000;

    /// <summary>Class 1 has 60 voxels in slice 0, 3 in slice 2, and class 2 one voxel in slice 1.</summary>
    private static LoadedSubject Subject()
    {
        var extent = new Extent(8, 8, 3);
        var labels = new byte[extent.Count];
        for (var i = 0; i < 60; i++) labels[i * 3] = 1;
        foreach (var i in new[] { 5, 9, 40 }) labels[i * 3 + 2] = 1;
        labels[30 * 3 + 1] = 2;
        return new LoadedSubject("one", new float[extent.Count], labels, extent);
    }

    [Theory]
    [InlineData(ForegroundSampling.Voxels, 60.0 / 63)]
    [InlineData(ForegroundSampling.Slices, 0.5)]
    public void A_slice_is_drawn_as_often_as_it_has_voxels_or_as_any_other_that_shows_the_class(ForegroundSampling sampling, double expected)
    {
        var subject = Subject();
        var random = new RandomStream(1, "draws");
        var drawn = Enumerable.Range(0, Draws).Select(_ => ForegroundVoxel.Draw(subject, [1], random, sampling)!.Value).ToList();
        Assert.All(drawn, voxel => Assert.Equal(1, subject.Labels[(voxel.H * 8 + voxel.W) * 3 + voxel.D]));
        var share = drawn.Count(voxel => voxel.D == 0) / (double)Draws;
        var deviation = Math.Sqrt(expected * (1 - expected) / Draws);
        Assert.InRange(share, expected - 5 * deviation, expected + 5 * deviation);
        Assert.Equal(63, drawn.Distinct().Count());
    }

    [Theory]
    [InlineData(ForegroundSampling.Voxels)]
    [InlineData(ForegroundSampling.Slices)]
    public void Each_class_that_is_there_is_drawn_equally_often_and_none_where_none_is(ForegroundSampling sampling)
    {
        var subject = Subject();
        var random = new RandomStream(2, "draws");
        var second = Enumerable.Range(0, Draws).Count(_ => ForegroundVoxel.Draw(subject, [1, 2, 3], random, sampling)!.Value.D == 1);
        Assert.InRange(second / (double)Draws, 0.45, 0.55);
        Assert.Null(ForegroundVoxel.Draw(subject, [3], random, sampling));
    }
}
