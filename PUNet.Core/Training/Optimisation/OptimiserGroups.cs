using PUNet.Core.Models.Parameters;
using PUNet.Core.Training.Options;

namespace PUNet.Core.Training.Optimisation;

/// <summary>Body and prompts of a network, laid out for the optimiser, each with its rate; what has no parameter has no group.</summary>
internal sealed class OptimiserGroups : IDisposable
{
    private readonly List<FlatParameters> _groups = [];

    /// <param name="recipe">Rates, decay and clipping.</param>
    /// <param name="trained">What is trained.</param>
    public OptimiserGroups(TrainingRecipe recipe, IReadOnlyList<NetworkParameter> trained)
    {
        var named = new List<(string, FlatParameters, double)>();
        LayOut(named, "body", recipe.BodyRate, trained.Where(parameter => !parameter.IsPrompt));
        LayOut(named, "prompts", recipe.PromptRate, trained.Where(parameter => parameter.IsPrompt));
        Optimiser = new FlatAdamW(named, recipe.WeightDecay, recipe.GradientClip);
    }

    /// <summary>The optimiser of all groups.</summary>
    public FlatAdamW Optimiser { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimiser.Dispose();
        foreach (var group in _groups) group.Dispose();
    }

    private void LayOut(List<(string, FlatParameters, double)> groups, string name, double rate, IEnumerable<NetworkParameter> parameters)
    {
        var items = parameters.Select(parameter => (parameter.Name, parameter.Value)).ToList();
        if (items.Count == 0) return;
        _groups.Add(new FlatParameters(items));
        groups.Add((name, _groups[^1], rate));
    }
}
