using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Training.Optimisation;

/// <summary>
/// Exponential moving average of the parameters that an optimiser trains (Polyak and Juditsky, 1992), which the last steps' noise does not reach.
/// In step t it keeps min(share, t / (t + 9)) of itself, so that short trainings do not keep their start.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private const double Start = 9;
    private readonly FlatAdamW _optimiser;
    private readonly double _share;
    private readonly List<KeyValuePair<string, Tensor>> _averages;

    /// <param name="optimiser">What trains them.</param>
    /// <param name="share">Share of itself that it keeps in a step in the end.</param>
    public WeightAverage(FlatAdamW optimiser, double share)
    {
        (_optimiser, _share) = (optimiser, share);
        _averages =
        [
            .. optimiser.Groups.Select(group =>
                KeyValuePair.Create($"average.{group.Name}", group.Parameters.Values.clone().DetachFromDisposeScope())),
        ];
    }

    /// <summary>What a checkpoint must hold.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State => _averages;

    /// <summary>Takes in the parameters after a step.</summary>
    public void Follow()
    {
        using var noGradients = no_grad();
        var share = Math.Min(_share, _optimiser.Steps / (_optimiser.Steps + Start));
        using Scalar kept = share, fresh = 1 - share;
        foreach (var (average, group) in _averages.Zip(_optimiser.Groups)) average.Value.mul_(kept).add_(group.Parameters.Values, fresh);
    }

    /// <summary>Exchanges the parameters' values and the average's.</summary>
    public void Swap()
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (average, group) in _averages.Zip(_optimiser.Groups))
        {
            var parameters = group.Parameters.Values.clone();
            group.Parameters.Values.copy_(average.Value);
            average.Value.copy_(parameters);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var average in _averages) average.Value.Dispose();
    }
}
