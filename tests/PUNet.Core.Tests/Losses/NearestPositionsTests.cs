using PUNet.Core.Common;
using PUNet.Core.Losses;

namespace PUNet.Core.Tests.Losses;

public sealed class NearestPositionsTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(4)]
    [InlineData(50)]
    public void Cells_find_what_comparing_with_every_point_finds(float maximalDistance)
    {
        var random = new RandomStream(1, "points");
        var points = Enumerable.Range(0, 3 * 400).Select(_ => (float)Math.Round(random.Uniform(-30, 30), 1)).ToArray(); // with ties
        var nearest = new NearestPositions(points, maximalDistance);
        var found = 0;
        for (var query = 0; query < 500; query++)
        {
            var at = Enumerable.Range(0, 3).Select(_ => (float)Math.Round(random.Uniform(-40, 40), 1)).ToArray();
            float Square(int point) => Enumerable.Range(0, 3).Aggregate(0f, (sum, axis) =>
                sum + (points[3 * point + axis] - at[axis]) * (points[3 * point + axis] - at[axis]));
            var closest = Enumerable.Range(0, 400).MinBy(Square);
            var expected = Square(closest) <= maximalDistance * maximalDistance ? closest : -1;
            Assert.Equal(expected, nearest.Find(at[0], at[1], at[2]));
            if (expected >= 0) found++;
        }
        Assert.True(maximalDistance < 1 ? found < 500 : found > 0);
    }

    [Fact]
    public void Wide_clouds_of_points_do_not_need_more_cells_than_memory_has()
    {
        var nearest = new NearestPositions([0, 0, 0, 1e6f, 0, 0, 1e6f, 3, 0], 0.1f);
        Assert.Equal(1, nearest.Find(1e6f, 0.05f, 0));
        Assert.Equal(2, nearest.Find(1e6f, 2.95f, 0));
        Assert.Equal(-1, nearest.Find(1e6f, 1, 0));
        Assert.Equal(-1, nearest.Find(-1e9f, 0, 1e9f));
    }

    [Fact]
    public void Coordinates_that_are_not_finite_are_refused() =>
        Assert.Throws<ArgumentException>(() => new NearestPositions([0, 0, float.PositiveInfinity], 1));
}
