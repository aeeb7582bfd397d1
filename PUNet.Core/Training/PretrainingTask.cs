using PUNet.Core.Common;
using PUNet.Core.Data.Batches;
using PUNet.Core.Losses;
using PUNet.Core.Models;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Training.Optimisation;
using PUNet.Core.Training.Options;
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
    private readonly IReadOnlyList<int> _classes;
    private readonly SegmentationLoss _loss;
    private readonly Rates _rates;
    private readonly ContrastivePrototypeAssignment? _assignment;
    private readonly RandomStream _random;
    private readonly SegmentationNetwork _student;
    private readonly MomentumTeacher? _teacher;
    private readonly OptimiserGroups _groups;
    private readonly LossScale _scale;
    private BatchLoader<TrainingBatch>? _loader;

    /// <param name="options">Losses and recipe; sound ones.</param>
    /// <param name="classes">Labels of the base classes, ascending.</param>
    /// <param name="data">The training subjects.</param>
    /// <param name="student">The network.</param>
    public PretrainingTask(PretrainingOptions options, IReadOnlyList<int> classes, TrainingData data, SegmentationNetwork student)
    {
        (_options, _classes, _student) = (options, classes, student);
        var recipe = options.Recipe;
        LossScale.Check(recipe.Precision, student.Place.Device);
        (_scale, student.Precision) = (new LossScale(recipe.Precision), recipe.Precision);
        _random = new RandomStream(recipe.Seed, "pretraining");
        var (drawn, range) = Active();
        _batches = TrainingBatches.Of(recipe, options.Network, 2, data, drawn, range, _random.Child("batches"));
        _loss = new SegmentationLoss(new FocalLoss(recipe.FocalLoss, data.Additive(recipe.FocalLoss)), recipe.DiceWeight);
        _groups = new OptimiserGroups(recipe, [.. ParameterGroups.Of(student).Where(IsTrained)]);
        _rates = new Rates(recipe, Optimiser);
        if (options.SelfSupervise is not { } assignment) return;
        _assignment = new ContrastivePrototypeAssignment(assignment);
        _teacher = new MomentumTeacher(student, options.Momentum);
        _teacher.Network.Precision = recipe.Precision;
    }

    public FlatAdamW Optimiser => _groups.Optimiser;

    public IReadOnlyDictionary<string, Tensor> State =>
        Named("student", _student)
            .Concat(_teacher is null ? [] : Named("teacher", _teacher.Network))
            .Concat(Optimiser.Moments)
            .Concat(_scale.State)
            .ToDictionary();

    public void Begin(long first, long end)
    {
        _student.train();
        _teacher?.Network.train();
        _loader = new BatchLoader<TrainingBatch>(_batches.Training, first, end);
    }

    public IReadOnlyDictionary<string, double> Step(long step, CancellationToken cancellation)
    {
        using var batch = _loader!.Next(cancellation).MoveTo(_student.Place.Device);
        using var scope = NewDisposeScope();
        _rates.Set(step);
        _teacher?.Update();
        Optimiser.ZeroGradients();
        var promptsInBlocks = _options.PromptsInBlocks && _options.IsSupervised;
        using var teaching = _teacher is null ? null : Task.Run(() => Teach(batch, promptsInBlocks)); // beside the students
        var students = batch.Students.Select(view => _student.forward(view.Image, batch.Active, promptsInBlocks)).ToList();
        var parts = new Dictionary<string, Tensor>();
        var losses = new List<Tensor>();
        if (_options.IsSupervised) losses.Add(Segmentation(batch, students, parts));
        var figures = new Dictionary<string, Tensor>();
        if (_options.SelfSupervise is { } own)
        {
            using var assignment = Assign(batch, teaching!.Result);
            losses.Add((parts["cpa"] = Agreement(own, step, batch, students, assignment)).Times(own.Weight));
            Describe(assignment, parts["cpa"], students.Count, figures);
        }
        return _scale.Step(losses.Total(), parts, Optimiser, figures);
    }

    public void Dispose()
    {
        _loader?.Dispose();
        _groups.Dispose();
        _scale.Dispose();
        _teacher?.Dispose();
    }

    private Tensor Segmentation(TrainingBatch batch, List<NetworkOutput> students, Dictionary<string, Tensor> parts) => students
        .Zip(batch.Students, (output, view) => _loss.forward(output.Logits, view.Labels, batch.Active, parts)).Total();

    /// <summary>F^t [B, C, h, w, d], without gradients; the caller disposes it.</summary>
    private Tensor Teach(TrainingBatch batch, bool promptsInBlocks)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        return _teacher!.Network.forward(batch.Teacher.Image, batch.Active, promptsInBlocks).Embedding.DetachFromDisposeScope();
    }

    private TeacherAssignment Assign(TrainingBatch batch, Tensor embedding)
    {
        using var teacher = embedding;
        return _assignment!.Assign(teacher, batch.Teacher.Coordinates);
    }

    private Tensor Agreement(
        ContrastivePrototypeAssignmentOptions options, long step, TrainingBatch batch, List<NetworkOutput> students, TeacherAssignment teacher)
    {
        var random = _random.Child($"jitter/{step}");
        var views = students.Zip(batch.Students, (output, view) =>
            new StudentEmbedding(output.Embedding, view.Coordinates, BorderJitter.Draw(options.Reduction, random))).ToList();
        return views.Select(view => _assignment!.Loss(view, teacher)).Total();
    }

    /// <summary>
    /// cpa_share: the loss of a student, relative to ln P of one that prefers no prototype. prototypes_in_use: how many of the P the
    /// teacher's assignment uses.
    /// </summary>
    private static void Describe(TeacherAssignment assignment, Tensor loss, int students, Dictionary<string, Tensor> figures)
    {
        using var noGradients = no_grad();
        var prototypes = assignment.Prototypes.shape[1];
        if (prototypes > 1) figures["cpa_share"] = loss.Over(students * Math.Log(prototypes));
        figures["prototypes_in_use"] = assignment.InUse();
    }

    /// <summary>
    /// Whether a loss reaches it: what has none keeps its initial values, and does not decay either. Prompts are reached by the labels'
    /// alone, and of the pools only the slots of background and base classes.
    /// </summary>
    private bool IsTrained(NetworkParameter parameter) => parameter switch
    {
        { IsPrompt: true } => _options.IsSupervised && (parameter.Class is not { } label || label == 0 || _classes.Contains(label)),
        { Role: ParameterRole.FixedHead } => _options.IsSupervised,
        { Role: ParameterRole.EmbeddingHead } => _options.SelfSupervise is not null,
        _ => true,
    };

    private static IEnumerable<KeyValuePair<string, Tensor>> Named(string prefix, SegmentationNetwork network) =>
        NetworkState.Of(network).Select(tensor => KeyValuePair.Create($"{prefix}.{tensor.Key}", tensor.Value));

    /// <summary>Which classes are drawn, and how many: none without labels; all for a baseline, which has a channel for each.</summary>
    private (IReadOnlyList<int> Classes, (int Fewest, int Most) Range) Active()
    {
        if (!_options.IsSupervised) return ([], (0, 0));
        return (_classes, _options.Network is PromptableUNetConfiguration ? _options.ActiveClasses : (_classes.Count, _classes.Count));
    }
}
