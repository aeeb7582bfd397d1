using PUNet.Core.Training.Options;

namespace PUNet.Core.Training.Optimisation;

/// <summary>Sets the rates of an optimiser before each step, as a schedule has them.</summary>
internal sealed class Rates
{
    private readonly FlatAdamW _optimiser;
    private readonly double[] _highest;
    private readonly OneCycleSchedule? _cycle;
    private readonly long _stepsPerPosition;

    /// <param name="recipe">Schedule and length.</param>
    /// <param name="optimiser">Its groups have their highest rates.</param>
    public Rates(TrainingRecipe recipe, FlatAdamW optimiser)
    {
        (_optimiser, _highest) = (optimiser, [.. optimiser.Groups.Select(group => group.Rate)]);
        var steps = (long)recipe.Epochs * recipe.StepsPerEpoch;
        (long positions, _stepsPerPosition) = recipe.Schedule switch
        {
            RateSchedule.Constant => (1L, steps),
            RateSchedule.OneCycleByEpoch => (recipe.Epochs, recipe.StepsPerEpoch),
            RateSchedule.OneCycleByStep => (steps, 1L),
            _ => throw new ArgumentOutOfRangeException(nameof(recipe), recipe.Schedule, "No such schedule."),
        };
        if (positions > 1) _cycle = new OneCycleSchedule(positions);
    }

    /// <summary>The rates of a step, from 0.</summary>
    public void Set(long step)
    {
        if (_cycle is null) return;
        var position = step / _stepsPerPosition;
        for (var group = 0; group < _highest.Length; group++)
        {
            _optimiser.Groups[group].Rate = _cycle.Rate(position, _highest[group]);
            _optimiser.Groups[group].Beta1 = _cycle.Beta1(position);
        }
    }
}
