using PUNet.Core.Common;
using PUNet.Core.Data.Batches;
using PUNet.Core.Losses;
using PUNet.Core.Models;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Training.Diagnosis;
using PUNet.Core.Training.Optimisation;
using PUNet.Core.Training.Options;
using static TorchSharp.torch;

namespace PUNet.Core.Training;

/// <summary>A step of the adaptation to new classes (method.md, section 4): supervised, only the variant's parameters.</summary>
internal sealed class AdaptationTask : ITrainingTask, IDisposable
{
    private readonly AdaptationOptions _options;
    private readonly SegmentationNetwork _network;
    private readonly BatchSampler _batches;
    private readonly SegmentationLoss _loss;
    private readonly bool _promptsInBlocks;
    private readonly OptimiserGroups _groups;
    private readonly IReadOnlyList<int> _frozen;
    private readonly Rates _rates;
    private readonly WeightAverage? _average;
    private readonly ValidationChoice? _choice;
    private readonly LossScale _scale;
    private BatchLoader<SupervisedBatch>? _loader;

    /// <param name="options">Sound ones.</param>
    /// <param name="classes">Labels of the new classes and of those that are frozen, ascending.</param>
    /// <param name="card">Of the backbone.</param>
    /// <param name="data">The training subjects.</param>
    /// <param name="network">The backbone's, as the variant changes it.</param>
    /// <param name="trained">What is trained of it.</param>
    /// <param name="choice">Makes what keeps the best epoch of the parameters that an optimiser trains; null: the last one is the result.</param>
    public AdaptationTask(
        AdaptationOptions options, (IReadOnlyList<int> New, IReadOnlyList<int> Frozen) classes, ModelCard card, TrainingData data,
        SegmentationNetwork network, IReadOnlyList<NetworkParameter> trained, Func<FlatAdamW, ValidationChoice>? choice = null)
    {
        (_options, _frozen, _network) = (options, classes.Frozen, network);
        var recipe = options.Recipe;
        LossScale.Check(recipe.Precision, network.Place.Device);
        (_scale, network.Precision) = (new LossScale(recipe.Precision), recipe.Precision);
        _promptsInBlocks = card.PromptsInBlocks && network.Configuration.FixedOutputChannels is null;
        var random = new RandomStream(recipe.Seed, "adaptation/batches");
        _batches = TrainingBatches.Of(recipe, card.Network, 1, data, classes.New, options.Active, random);
        _loss = new SegmentationLoss(new FocalLoss(recipe.FocalLoss, data.Additive(recipe.FocalLoss)), recipe.DiceWeight, classes.Frozen);
        _groups = new OptimiserGroups(recipe, trained);
        _rates = new Rates(recipe, Optimiser);
        if (options.WeightAverage is { } kept) _average = new WeightAverage(Optimiser, kept);
        _choice = choice?.Invoke(Optimiser);
    }

    public FlatAdamW Optimiser => _groups.Optimiser;

    public IReadOnlyDictionary<string, Tensor> State =>
        NetworkState.Of(_network).Select(tensor => KeyValuePair.Create($"network.{tensor.Key}", tensor.Value))
            .Concat(Optimiser.Moments)
            .Concat(_scale.State)
            .Concat(_average?.State ?? [])
            .Concat(_choice?.State ?? [])
            .ToDictionary();

    public void Begin(long first, long end)
    {
        _network.FreezeStatistics = _options.FreezeStatistics;
        _network.train();
        _loader = new BatchLoader<SupervisedBatch>(_batches.Supervised, first, end);
    }

    public IReadOnlyDictionary<string, double> Step(long step, CancellationToken cancellation)
    {
        using var batch = _loader!.Next(cancellation).MoveTo(_network.Place.Device);
        using var scope = NewDisposeScope();
        _rates.Set(step);
        Optimiser.ZeroGradients();
        var active = batch.Active.With(_frozen);
        var output = _network.forward(batch.View.Image, active, _promptsInBlocks);
        var parts = new Dictionary<string, Tensor>();
        var loss = _loss.forward(output.Logits, batch.View.Labels, active, parts);
        var figures = _scale.Step(loss, parts, Optimiser);
        _average?.Follow();
        if ((step + 1) % _options.Recipe.StepsPerEpoch == 0) Consider((int)((step + 1) / _options.Recipe.StepsPerEpoch));
        return figures;
    }

    /// <summary>
    /// Makes the result of the training what the network holds: the last step's parameters, their running mean, or the best of validation.
    /// </summary>
    /// <returns>What there is to tell; empty where nothing was chosen.</returns>
    public string Finish()
    {
        if (_choice is null)
        {
            _average?.Swap();
            return "";
        }
        _choice.Adopt();
        return _choice.Summary;
    }

    /// <summary>The running mean is what is looked at, where it is the result.</summary>
    private void Consider(int epoch)
    {
        if (_choice is null) return;
        _average?.Swap();
        _choice.Consider(epoch);
        _average?.Swap();
    }

    public void Dispose()
    {
        _loader?.Dispose();
        _choice?.Dispose();
        _average?.Dispose();
        _groups.Dispose();
        _scale.Dispose();
    }
}
