using PUNet.Core.Training.Optimisation;
using PUNet.Core.Training.Options;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training;

public sealed class RatesTests
{
    private const double Highest = 0.5;

    /// <summary>20 epochs of 3 steps.</summary>
    private static readonly TrainingRecipe _recipe = new() { Epochs = 20, CropsPerEpoch = 7, BatchSize = 2 };

    [Fact]
    public void Constant_rates_stay() => Assert.All(Of(RateSchedule.Constant), rate => Assert.Equal(Highest, rate));

    [Fact]
    public void A_cycle_by_epoch_keeps_its_rate_within_an_epoch()
    {
        var cycle = new OneCycleSchedule(20);
        Assert.Equal(Enumerable.Range(0, 60).Select(step => cycle.Rate(step / 3, Highest)), Of(RateSchedule.OneCycleByEpoch));
    }

    [Fact]
    public void A_cycle_by_step_is_the_same_however_the_steps_are_cut_into_epochs()
    {
        var cycle = new OneCycleSchedule(60);
        var expected = Enumerable.Range(0, 60).Select(step => cycle.Rate(step, Highest)).ToList();
        Assert.Equal(expected, Of(RateSchedule.OneCycleByStep));
        Assert.Equal(expected, Of(RateSchedule.OneCycleByStep, _recipe with { Epochs = 1, CropsPerEpoch = 120 }));
    }

    private static List<double> Of(RateSchedule schedule, TrainingRecipe? recipe = null)
    {
        using var parameter = new Parameter(zeros(1));
        using var flat = new FlatParameters([("own", parameter)]);
        using var optimiser = new FlatAdamW([("own", flat, Highest)], 0);
        var rates = new Rates((recipe ?? _recipe) with { Schedule = schedule }, optimiser);
        return [.. Enumerable.Range(0, 60).Select(step =>
        {
            rates.Set(step);
            return optimiser.Groups[0].Rate;
        })];
    }
}
