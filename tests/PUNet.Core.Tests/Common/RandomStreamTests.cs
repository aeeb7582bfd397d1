using PUNet.Core.Common;

namespace PUNet.Core.Tests.Common;

public sealed class RandomStreamTests
{
    [Fact]
    public void Equal_seed_and_name_give_equal_draws_and_a_stored_state_goes_on()
    {
        var (one, two) = (new RandomStream(7, "views"), new RandomStream(7, "views"));
        for (var i = 0; i < 100; i++) Assert.Equal(one.NextBits(), two.NextBits());
        var later = new RandomStream(7, "other") { State = one.State };
        Assert.Equal(one.NextDouble(), later.NextDouble());
    }

    [Fact]
    public void A_child_does_not_depend_on_what_its_parent_drew()
    {
        var parent = new RandomStream(1, "a");
        var before = parent.Child("b").NextBits();
        parent.NextBits();
        Assert.Equal(before, parent.Child("b").NextBits());
        Assert.NotEqual(before, parent.Child("c").NextBits());
    }

    [Fact]
    public void Uniform_draws_have_the_moments_of_the_uniform_distribution()
    {
        var stream = new RandomStream(1, "moments");
        var draws = Enumerable.Range(0, 100_000).Select(_ => stream.NextDouble()).ToArray();
        Assert.All(draws, x => Assert.InRange(x, 0, 1 - 1e-17));
        Assert.InRange(draws.Average(), 0.5 - 0.004, 0.5 + 0.004);
        Assert.InRange(draws.Select(x => (x - 0.5) * (x - 0.5)).Average(), 1 / 12.0 - 0.002, 1 / 12.0 + 0.002);
    }

    [Fact]
    public void Integers_cover_their_range_evenly_and_stay_inside()
    {
        var stream = new RandomStream(3, "integers");
        var counts = new int[5];
        for (var i = 0; i < 50_000; i++) counts[stream.Integer(-2, 3) + 2]++;
        Assert.All(counts, n => Assert.InRange(n, 9_600, 10_400));
    }

    [Fact]
    public void A_permutation_holds_each_number_once()
    {
        var order = new RandomStream(1, "order").Permutation(257);
        Assert.Equal(Enumerable.Range(0, 257), order.Order());
        Assert.NotEqual(Enumerable.Range(0, 257), order);
    }
}
