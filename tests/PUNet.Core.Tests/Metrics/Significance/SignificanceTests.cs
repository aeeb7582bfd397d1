using PUNet.Core.Metrics.Significance;

namespace PUNet.Core.Tests.Metrics.Significance;

public sealed class SignificanceTests
{
    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 4, 5 }, 0.0625)] // all of one sign: 2 / 2^5
    [InlineData(new[] { 1.0, 2, 3, 4, -5 }, 0.625)] // rank sum 10 of 15
    [InlineData(new[] { 6.0, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75 }, 0.041259765625)] // Darwin's maize
    [InlineData(new[] { 1.0, -1, 0, 0 }, 1.0)]
    public void Signed_ranks_are_counted_exactly(double[] differences, double p) => Assert.Equal(p, WilcoxonTest.P(differences)!.Value, 1e-12);

    [Fact]
    public void Without_a_difference_there_is_no_test_and_many_differences_come_near_the_exact_count()
    {
        Assert.Null(WilcoxonTest.P([]));
        Assert.Null(WilcoxonTest.P([0, 0]));
        var forty = Enumerable.Range(1, 40).Select(i => i % 3 == 0 ? -(double)i : i).ToArray();
        double[] more = [.. forty, 1e-9]; // one more than is counted, of the least weight
        Assert.Equal(WilcoxonTest.P(forty)!.Value, WilcoxonTest.P(more)!.Value, 0.01);
    }

    [Fact]
    public void A_bootstrap_interval_holds_the_mean_shrinks_with_agreement_and_is_the_same_every_time()
    {
        double[] spread = [1, 5, 2, 8, 4], close = [3.9, 4.1, 4.0, 4.05, 3.95];
        var (low, high) = Bootstrap.Interval(spread)!.Value;
        Assert.InRange(spread.Average(), low, high);
        Assert.Equal((low, high), Bootstrap.Interval(spread)!.Value);
        var narrow = Bootstrap.Interval(close)!.Value;
        Assert.True(narrow.High - narrow.Low < (high - low) / 10);
        Assert.Null(Bootstrap.Interval([1, 2]));
    }

    [Fact]
    public void Bootstrap_intervals_of_normal_values_cover_the_mean_about_as_often_as_they_say()
    {
        var random = new Random(1);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var covered = Enumerable.Range(0, 100).Count(_ =>
            Bootstrap.Interval([.. Enumerable.Range(0, 30).Select(_ => Normal())]) is { } found && found.Low <= 0 && 0 <= found.High);
        Assert.InRange(covered, 85, 100);
    }
}
