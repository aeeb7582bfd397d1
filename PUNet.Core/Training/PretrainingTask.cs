using PUNet.Core.Common;
using PUNet.Core.Data.Batches;
using PUNet.Core.Losses;
using PUNet.Core.Models;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Training;

/// <summary>
/// A step of pre-training (method.md, sections 3 and 4): the teacher follows the student, the student learns to segment the active
/// base classes and to agree with the teacher's prototype assignments.
/// </summary>
internal sealed class PretrainingTask : ITrainingTask, IDisposable
{
    private readonly PretrainingOptions _options;
    private readonly BatchSampler _batches;
    private readonly FocalLoss _focal;
    private readonly ContrastivePrototypeAssignment _assignment;
    private readonly RandomStream _random;
    private readonly SegmentationNetwork _student;
    private readonly MomentumTeacher? _teacher;
    private readonly List<FlatParameters> _groups = [];
    private readonly LossScale _scale;
    private BatchLoader<TrainingBatch>? _loader;

    public PretrainingTask(PretrainingOptions options, TrainingData data, SegmentationNetwork student)
    {
        (_options, _student) = (options, student);
        LossScale.Check(options.Precision, student.Place.Device);
        (_scale, student.Precision) = (new LossScale(options.Precision), options.Precision);
        _random = new RandomStream(options.Seed, "pretraining");
        _batches = Batches(options, data, _random.Child("batches"));
        _focal = new FocalLoss(data.Weighted(options.Focal, options.ClassRatioFactor));
        _assignment = new ContrastivePrototypeAssignment(options.Assignment);
        var groups = new List<(string, FlatParameters, double)>();
        LayOut(groups, "body", options.BodyRate, parameter => !parameter.IsPrompt && HasLoss(parameter.Role));
        LayOut(groups, "prompts", options.PromptRate, IsTrainedPrompt);
        Optimiser = new FlatAdamW(groups, options.WeightDecay, options.GradientClip);
        if (options.Loss == PretrainingLoss.Meta) return;
        _teacher = new MomentumTeacher(student, options.TeacherMomentum);
        _teacher.Network.Precision = options.Precision;
    }

    public FlatAdamW Optimiser { get; }

    public IReadOnlyDictionary<string, Tensor> State =>
        Named("student", _student).Concat(_teacher is null ? [] : Named("teacher", _teacher.Network)).Concat(Optimiser.Moments).Concat(_scale.State).ToDictionary();

    public void Begin(long first, long end)
    {
        _student.train();
        _teacher?.Network.train();
        _loader = new BatchLoader<TrainingBatch>(_batches.Training, first, end);
    }

    public void BeginEpoch(int epoch) { } // constant rates

    public IReadOnlyDictionary<string, double> Step(long step, CancellationToken cancellation)
    {
        using var batch = _loader!.Next(cancellation).MoveTo(_student.Place.Device);
        using var scope = NewDisposeScope();
        _teacher?.Update();
        Optimiser.ZeroGradients();
        var promptsInBlocks = _options.PromptsInBlocks && _options.Loss != PretrainingLoss.Self;
        using var teaching = _teacher is null ? null : Task.Run(() => Teach(batch, promptsInBlocks)); // beside the students
        var students = batch.Students.Select(view => _student.forward(view.Image, batch.Active, promptsInBlocks)).ToList();
        var parts = new Dictionary<string, Tensor>();
        var losses = new List<Tensor>();
        if (_options.Loss != PretrainingLoss.Self) losses.Add(parts["focal"] = Segmentation(batch, students));
        if (_options.Loss != PretrainingLoss.Meta)
            losses.Add((parts["cpa"] = Agreement(step, batch, students, teaching!.Result)).Times(_options.SelfSupervisedWeight));
        return _scale.Step(losses.Total(), parts, Optimiser);
    }

    public void Dispose()
    {
        _loader?.Dispose();
        Optimiser.Dispose();
        _scale.Dispose();
        foreach (var group in _groups) group.Dispose();
        _teacher?.Dispose();
    }

    private Tensor Segmentation(TrainingBatch batch, List<NetworkOutput> students) => students.Zip(batch.Students, (output, view) =>
        _focal.forward(output.Logits, SegmentationTargets.Build(view.Labels, batch.Active), batch.Active)).Total();

    /// <summary>F^t [B, C, h, w, d], without gradients; the caller disposes it.</summary>
    private Tensor Teach(TrainingBatch batch, bool promptsInBlocks)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        return _teacher!.Network.forward(batch.Teacher.Image, batch.Active, promptsInBlocks).Embedding.DetachFromDisposeScope();
    }

    private Tensor Agreement(long step, TrainingBatch batch, List<NetworkOutput> students, Tensor embedding)
    {
        using var teacher = embedding;
        var random = _random.Child($"jitter/{step}");
        var views = students.Zip(batch.Students, (output, view) =>
            new StudentEmbedding(output.Embedding, view.Coordinates, BorderJitter.Draw(_options.Assignment.Reduction, random))).ToList();
        return _assignment.forward(teacher, batch.Teacher.Coordinates, views).Total();
    }

    /// <summary>Prompts that a loss reaches, which only the labels' does; the pools' other slots stay as they were drawn.</summary>
    private bool IsTrainedPrompt(NetworkParameter parameter) =>
        parameter.IsPrompt && _options.Loss != PretrainingLoss.Self && (parameter.Class is not { } label || label == 0 || _options.BaseClasses.Contains(label));

    /// <summary>Whether a loss reaches a head: what has none keeps its initial values, and does not decay either.</summary>
    private bool HasLoss(ParameterRole role) => role switch
    {
        ParameterRole.FixedHead => _options.Loss != PretrainingLoss.Self,
        ParameterRole.EmbeddingHead => _options.Loss != PretrainingLoss.Meta,
        _ => true,
    };

    private void LayOut(List<(string, FlatParameters, double)> groups, string name, double rate, Func<NetworkParameter, bool> belongs)
    {
        var parameters = ParameterGroups.Of(_student).Where(belongs).Select(parameter => (parameter.Name, parameter.Value)).ToList();
        if (parameters.Count == 0) return; // a baseline has no prompts
        _groups.Add(new FlatParameters(parameters));
        groups.Add((name, _groups[^1], rate));
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Named(string prefix, SegmentationNetwork network) =>
        NetworkState.Of(network).Select(tensor => KeyValuePair.Create($"{prefix}.{tensor.Key}", tensor.Value));

    private static BatchSampler Batches(PretrainingOptions options, TrainingData data, RandomStream random)
    {
        var network = options.Network;
        var views = new ViewOptions
        {
            Teacher = network.TeacherPatch,
            Students = [network.StudentPatch, network.SecondStudentPatch],
            ForegroundFraction = options.ForegroundFraction,
            StudentAugmentation = Data.Augmentation.AugmentationOptions.Student.Scaled(options.AugmentationStrength),
            TeacherAugmentation = Data.Augmentation.AugmentationOptions.Teacher.Scaled(options.AugmentationStrength),
        };
        var (classes, fewest, most) = Active(options);
        var batch = new BatchOptions
        {
            BatchSize = options.BatchSize,
            CropsPerVolume = options.CropsPerVolume,
            Classes = classes,
            FewestActive = fewest,
            MostActive = most,
        };
        return new BatchSampler(data.Subjects, id => data[id], new ViewSampler(views), batch, random);
    }

    /// <summary>Which classes are drawn, and how many: none without labels; all for a baseline, which has a channel for each.</summary>
    private static (IReadOnlyList<int> Classes, int Fewest, int Most) Active(PretrainingOptions options)
    {
        if (options.Loss == PretrainingLoss.Self) return ([], 0, 0);
        var all = options.BaseClasses.Count;
        return options.Network is PromptableUNetConfiguration ? (options.BaseClasses, options.FewestActive, options.MostActive) : (options.BaseClasses, all, all);
    }
}
