using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Layouts;
using PUNet.Core.Data.Phantoms;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Data.Splits;
using PUNet.Core.Imaging;
using PUNet.Core.Inference;
using PUNet.Core.Losses;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Training;
using PUNet.Core.Training.Options;

namespace PUNet.Core.Tests.Training;

/// <summary>A small prepared dataset of phantoms, and the stages on it with a small network of the real kind; shared by a class of tests.</summary>
public sealed class PhantomWorkplace : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _stages;

    public PhantomWorkplace() : this(absent: null) { }

    /// <param name="absent">Name of a further class, which no subject has.</param>
    internal PhantomWorkplace(string? absent)
    {
        var source = New().Output;
        PhantomGenerator.Write(
            new PhantomOptions { Subjects = 4, InPlane = 48, Slices = (8, 8), InPlaneSpacing = (8, 8), SliceSpacing = (24, 24) }, source, _ => { },
            default);
        var classes = PhantomGenerator.Classes.Select((name, i) => (name, i)).ToDictionary(item => item.i + 1, item => item.name);
        if (absent is not null) classes[classes.Count + 1] = absent;
        var use = new DatasetUse(new Normalisation.Window(-160, 240), prepared => Parts([.. prepared.Select(subject => subject.Id)]));
        Source = source;
        var subjects = new PairedFolders().List(source);
        Prepared = Preparation.Run(subjects, new PreparationOptions { Classes = classes }, use, New().Output, _ => { }, default);

        static DatasetSplit Parts(string[] ids) => new(ids[..2], ids[2..3], ids[3..]);
    }

    public PreparedDataset Prepared { get; }

    /// <summary>Folder of the phantoms that it was prepared from.</summary>
    public string Source { get; }

    /// <summary>Names of the phantoms' classes by their labels; a further one is the absent class.</summary>
    public static IReadOnlyList<string> ClassNames(params int[] labels) =>
        [.. labels.Select(label => label <= PhantomGenerator.Classes.Count ? PhantomGenerator.Classes[label - 1] : "thymus")];

    public static PretrainingOptions Pretraining { get; } = new()
    {
        Network = new PromptableUNetConfiguration
        {
            Channels = [8, 8, 8, 8, 8],
            Heads = 2,
            TokensPerClass = 3,
            PoolSize = 9,
            Window = new Extent(4, 4, 1),
            StudentPatch = new Extent(32, 32, 1),
            SecondStudentPatch = new Extent(24, 24, 1),
            TeacherPatch = new Extent(40, 40, 1),
        },
        Supervise = ClassNames(1, 4),
        SelfSupervise = new ContrastivePrototypeAssignmentOptions(),
        Recipe = TrainingRecipe.Pretraining with { Epochs = 2, CropsPerEpoch = 12, BatchSize = 4, ForegroundFraction = 0.5 },
    };

    /// <summary>The pre-training with one loss of the two, or with both.</summary>
    public static PretrainingOptions Of(bool supervised, bool selfSupervised) => Pretraining with
    {
        Supervise = supervised ? Pretraining.Supervise : [],
        SelfSupervise = selfSupervised ? Pretraining.SelfSupervise : null,
    };

    public static AdaptationOptions Adaptation { get; } = new()
    {
        Target = ClassNames(2),
        Recipe = TrainingRecipe.Adaptation with { Epochs = 2, CropsPerEpoch = 8, BatchSize = 4, ForegroundFraction = 0.5 },
    };

    public StageFolders New() => new(Make("output"), Make("work"));

    public string Pretrain(PretrainingOptions options)
    {
        var folders = New();
        Core.Training.Pretraining.Run(options, Prepared, "cpu", folders, _ => { }, default);
        return folders.Output;
    }

    /// <summary>Pre-trains until some steps are done, and stops there with a checkpoint.</summary>
    public void Interrupt(PretrainingOptions options, StageFolders folders, int steps)
    {
        using var stop = new CancellationTokenSource();
        void Stop(StageEvent happening)
        {
            if (happening is StageEvent.Progress progress && progress.Done == steps) stop.Cancel();
        }
        Assert.ThrowsAny<OperationCanceledException>(() => Core.Training.Pretraining.Run(options, Prepared, "cpu", folders, Stop, stop.Token));
    }

    public string Adapt(AdaptationOptions options, string backbone)
    {
        var folders = New();
        Core.Training.Adaptation.Run(options, backbone, Prepared, "cpu", folders, _ => { }, default);
        return folders.Output;
    }

    public string Evaluate(EvaluationOptions options, string backbone, string? adapter)
    {
        var folders = New();
        Evaluation.Run(options, backbone, adapter, Prepared, "cpu", folders, _ => { }, default);
        return folders.Output;
    }

    /// <summary>Names of classes by their labels.</summary>
    public IReadOnlyList<string> Names(params int[] labels) => [.. labels.Select(label => Prepared.Classes[label - 1])];

    /// <summary>The subject of the test part.</summary>
    public LoadedSubject TestSubject() => Prepared.Load(Prepared[Part.Test][0].Id, Prepared.Normalisation);

    public void Dispose() => _folder.Dispose();

    private string Make(string kind) => Directory.CreateDirectory(_folder.File($"{Interlocked.Increment(ref _stages)}.{kind}")).FullName;
}
