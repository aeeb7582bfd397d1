using PUNet.Core.Training.Optimisation;

namespace PUNet.Core.Tests.Training;

public sealed class OneCycleScheduleTests
{
    [Fact]
    public void Rates_of_all_groups_rise_for_a_tenth_and_fall_back()
    {
        var schedule = new OneCycleSchedule(100);
        foreach (var highest in new[] { 5e-4, 3e-2 })
        {
            Assert.Equal(highest / 20, schedule.Rate(0, highest), 1e-12);
            Assert.Equal(highest, schedule.Rate(9, highest), 1e-12);
            Assert.Equal(highest / 20, schedule.Rate(99, highest), 1e-12);
            for (var epoch = 1; epoch < 100; epoch++)
                Assert.True(schedule.Rate(epoch, highest) > schedule.Rate(epoch - 1, highest) == epoch <= 9);
        }
    }

    [Fact]
    public void Momentum_mirrors_the_rate()
    {
        var schedule = new OneCycleSchedule(40);
        for (var epoch = 0; epoch < 40; epoch++)
            Assert.Equal((0.95 - schedule.Beta1(epoch)) / 0.1, (schedule.Rate(epoch, 1) - 0.05) / 0.95, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(11)]
    public void Short_trainings_have_finite_rates_that_end_at_a_twentieth(int epochs)
    {
        var schedule = new OneCycleSchedule(epochs);
        for (var epoch = 0; epoch < epochs; epoch++) Assert.InRange(schedule.Rate(epoch, 1), 0.05 - 1e-12, 1 + 1e-12);
        Assert.Equal(0.05, schedule.Rate(epochs - 1, 1), 1e-12);
        Assert.Contains("0 to", Assert.Throws<ArgumentOutOfRangeException>(() => schedule.Rate(epochs, 1)).Message);
    }
}
