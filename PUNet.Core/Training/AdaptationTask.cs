using PUNet.Core.Common;
using PUNet.Core.Data.Batches;
using PUNet.Core.Losses;
using PUNet.Core.Models;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Training.Optimisation;
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
    private readonly List<FlatParameters> _groups = [];
    private readonly OneCycleSchedule? _schedule;
    private readonly double[] _highest;
    private readonly LossScale _scale;
    private BatchLoader<SupervisedBatch>? _loader;

    public AdaptationTask(
        AdaptationOptions options, ModelCard card, TrainingData data, SegmentationNetwork network, IReadOnlyList<NetworkParameter> trained)
    {
        (_options, _network) = (options, network);
        LossScale.Check(options.Precision, network.Place.Device);
        (_scale, network.Precision) = (new LossScale(options.Precision), options.Precision);
        _promptsInBlocks = card.PromptsInBlocks && network.Configuration.FixedOutputChannels is null;
        _batches = Batches(options, card.Network, data);
        _focal = new FocalLoss(data.Weighted(options.Focal, options.ClassRatioFactor));
        var groups = new List<(string, FlatParameters, double)>();
        LayOut(groups, "body", options.BodyRate, trained.Where(p => !p.IsPrompt));
        LayOut(groups, "prompts", options.PromptRate, trained.Where(p => p.IsPrompt));
        Optimiser = new FlatAdamW(groups, options.WeightDecay, options.GradientClip);
        _highest = [.. Optimiser.Groups.Select(group => group.Rate)];
        _schedule = options.Epochs > 1 ? new OneCycleSchedule(options.Epochs) : null;
    }

    public FlatAdamW Optimiser { get; }

    public IReadOnlyDictionary<string, Tensor> State =>
        NetworkState.Of(_network).Select(tensor => KeyValuePair.Create($"network.{tensor.Key}", tensor.Value)).Concat(Optimiser.Moments).Concat(_scale.State).ToDictionary();

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
        var active = batch.Active.With(_options.FrozenClasses);
        var output = _network.forward(batch.View.Image, active, _promptsInBlocks);
        var loss = _focal.forward(output.Logits, SegmentationTargets.Build(batch.View.Labels, active, _options.FrozenClasses), active);
        return _scale.Step(loss, new Dictionary<string, Tensor> { ["focal"] = loss }, Optimiser);
    }

    public void Dispose()
    {
        _loader?.Dispose();
        Optimiser.Dispose();
        _scale.Dispose();
        foreach (var group in _groups) group.Dispose();
    }

    private void LayOut(List<(string, FlatParameters, double)> groups, string name, double rate, IEnumerable<NetworkParameter> parameters)
    {
        var items = parameters.Select(p => (p.Name, p.Value)).ToList();
        if (items.Count == 0) return;
        _groups.Add(new FlatParameters(items));
        groups.Add((name, _groups[^1], rate));
    }

    private static BatchSampler Batches(AdaptationOptions options, NetworkConfiguration network, TrainingData data)
    {
        var views = new ViewOptions
        {
            Teacher = network.TeacherPatch,
            Students = [network.StudentPatch],
            ForegroundFraction = options.ForegroundFraction,
            StudentAugmentation = Data.Augmentation.AugmentationOptions.Student.Scaled(options.AugmentationStrength),
        };
        var batch = new BatchOptions
        {
            BatchSize = options.BatchSize,
            CropsPerVolume = options.CropsPerVolume,
            Classes = options.NewClasses,
            FewestActive = options.Fewest,
            MostActive = options.Most,
        };
        return new BatchSampler(data.Subjects, id => data[id], new ViewSampler(views), batch, new RandomStream(options.Seed, "adaptation/batches"));
    }
}
