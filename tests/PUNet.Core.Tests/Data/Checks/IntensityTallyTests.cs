using FsCheck;
using FsCheck.Fluent;
using PUNet.Core.Data.Checks;

namespace PUNet.Core.Tests.Data.Checks;

public sealed class IntensityTallyTests
{
    [Fact]
    public void Percentiles_of_whole_numbers_up_to_2048_are_the_order_statistics_themselves()
    {
        var lists = Gen.Choose(-2048, 2048).NonEmptyListOf();
        Prop.ForAll(lists.ToArbitrary(), values =>
        {
            using var tally = new IntensityTally();
            var (first, rest) = (values.Take(3).Select(x => (float)x).ToArray(), values.Skip(3).Select(x => (float)x).ToArray());
            tally.Add(first);
            tally.Add(rest);
            var sorted = values.Order().ToList();
            var summary = tally.Summary();
            double At(double percent) => sorted[(int)Math.Floor(percent / 100 * (sorted.Count - 1))];
            return (summary.Minimum, summary.Low, summary.Median, summary.High, summary.Maximum)
                == (sorted[0], At(0.5), At(50), At(99.5), sorted[^1]);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Percentiles_of_other_numbers_are_right_to_one_part_in_two_thousand()
    {
        using var tally = new IntensityTally();
        float[] values = [.. Enumerable.Range(0, 1001).Select(i => MathF.Exp(i / 40f) - 1e4f)];
        tally.Add(values);
        var summary = tally.Summary();
        Assert.InRange(Math.Abs(summary.Median - values[500]), 0, Math.Abs(values[500]) / 2048);
        Assert.InRange(Math.Abs(summary.High - values[995]), 0, Math.Abs(values[995]) / 2048);
    }

    [Fact]
    public void The_hash_depends_on_the_values_and_not_on_how_they_are_cut_into_blocks()
    {
        string Hash(params float[][] blocks)
        {
            using var tally = new IntensityTally();
            foreach (var block in blocks) tally.Add(block);
            return tally.Hash();
        }
        Assert.Equal(Hash([1, 2, 3]), Hash([1], [2, 3]));
        Assert.NotEqual(Hash([1, 2, 3]), Hash([1, 3, 2]));
    }
}
