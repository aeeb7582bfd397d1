using PUNet.Core.Common;
using PUNet.Core.Data.Batches;
using PUNet.Core.Losses;
using PUNet.Core.Models;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Training.Optimisation;
using PUNet.Core.Training.Options;
using static TorchSharp.torch;

namespace PUNet.Core.Training;

/// <summary>A step of the adaptation to new classes (method.md, section 4): supervised, one-cycle rates, only the variant's parameters.</summary>
internal sealed class AdaptationTask : ITrainingTask, IDisposable
{
    private readonly AdaptationOptions _options;
    private readonly SegmentationNetwork _network;
    private readonly BatchSampler _batches;
    private readonly FocalLoss _focal;
    private readonly bool _promptsInBlocks;
    private readonly OptimiserGroups _groups;
    private readonly IReadOnlyList<int> _frozen;
    private readonly OneCycleSchedule? _schedule;
    private readonly double[] _highest;
    private readonly LossScale _scale;
    private BatchLoader<SupervisedBatch>? _loader;

    /// <param name="options">Sound ones.</param>
    /// <param name="classes">Labels of the new classes and of those that are frozen, ascending.</param>
    /// <param name="card">Of the backbone.</param>
    /// <param name="data">The training subjects.</param>
    /// <param name="network">The backbone's, as the variant changes it.</param>
    /// <param name="trained">What is trained of it.</param>
    public AdaptationTask(
        AdaptationOptions options, (IReadOnlyList<int> New, IReadOnlyList<int> Frozen) classes, ModelCard card, TrainingData data,
        SegmentationNetwork network, IReadOnlyList<NetworkParameter> trained)
    {
        (_options, _frozen, _network) = (options, classes.Frozen, network);
        var recipe = options.Recipe;
        LossScale.Check(recipe.Precision, network.Place.Device);
        (_scale, network.Precision) = (new LossScale(recipe.Precision), recipe.Precision);
        _promptsInBlocks = card.PromptsInBlocks && network.Configuration.FixedOutputChannels is null;
        var random = new RandomStream(recipe.Seed, "adaptation/batches");
        _batches = TrainingBatches.Of(recipe, card.Network, 1, data, classes.New, options.Active, random);
        _focal = new FocalLoss(recipe.FocalLoss, data.Additive(recipe.FocalLoss));
        _groups = new OptimiserGroups(recipe, trained);
        _highest = [.. Optimiser.Groups.Select(group => group.Rate)];
        _schedule = recipe.Epochs > 1 ? new OneCycleSchedule(recipe.Epochs) : null;
    }

    public FlatAdamW Optimiser => _groups.Optimiser;

    public IReadOnlyDictionary<string, Tensor> State =>
        NetworkState.Of(_network).Select(tensor => KeyValuePair.Create($"network.{tensor.Key}", tensor.Value))
            .Concat(Optimiser.Moments)
            .Concat(_scale.State)
            .ToDictionary();

    public void Begin(long first, long end)
    {
        _network.FreezeStatistics = _options.FreezeStatistics;
        _network.train();
        _loader = new BatchLoader<SupervisedBatch>(_batches.Supervised, first, end);
    }

    public void BeginEpoch(int epoch)
    {
        if (_schedule is null) return;
        for (var group = 0; group < Optimiser.Groups.Count; group++)
        {
            Optimiser.Groups[group].Rate = _schedule.Rate(epoch, _highest[group]);
            Optimiser.Groups[group].Beta1 = _schedule.Beta1(epoch);
        }
    }

    public IReadOnlyDictionary<string, double> Step(long step, CancellationToken cancellation)
    {
        using var batch = _loader!.Next(cancellation).MoveTo(_network.Place.Device);
        using var scope = NewDisposeScope();
        Optimiser.ZeroGradients();
        var active = batch.Active.With(_frozen);
        var output = _network.forward(batch.View.Image, active, _promptsInBlocks);
        var loss = _focal.forward(output.Logits, SegmentationTargets.Build(batch.View.Labels, active, _frozen), active);
        return _scale.Step(loss, new Dictionary<string, Tensor> { ["focal"] = loss }, Optimiser);
    }

    public void Dispose()
    {
        _loader?.Dispose();
        _groups.Dispose();
        _scale.Dispose();
    }
}
