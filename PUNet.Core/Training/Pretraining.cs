using PUNet.Core.Common;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Models;
using PUNet.Core.Training.Diagnosis;
using PUNet.Core.Training.Options;
using static TorchSharp.torch;

namespace PUNet.Core.Training;

/// <summary>Makes a backbone: by pre-training, or untrained as the lower bound.</summary>
public static class Pretraining
{
    /// <summary>
    /// Pre-trains on the training part of a prepared dataset; writes the student, its card, and what its embedding can tell apart, for which
    /// the validation part is read.
    /// </summary>
    /// <param name="options">Network, losses, schedule.</param>
    /// <param name="dataset">Opened with its training and its validation part.</param>
    /// <param name="place">cpu or cuda.</param>
    /// <param name="folders">Where to write.</param>
    /// <param name="report">Told about progress.</param>
    /// <param name="cancellation">Ends it after a checkpoint.</param>
    /// <exception cref="OperationCanceledException">Cancelled after a checkpoint; the same call goes on from it.</exception>
    public static void Run(
        PretrainingOptions options, PreparedDataset dataset, NetworkPlace place,
        StageFolders folders, Action<StageEvent> report, CancellationToken cancellation)
    {
        ConfigurationException.ThrowIfAny(options.Faults(dataset.Classes));
        Train(options, dataset, place, folders, report, cancellation);
    }

    /// <summary>The same, whatever the options' numbers are.</summary>
    internal static void Train(
        PretrainingOptions options, PreparedDataset dataset, NetworkPlace place,
        StageFolders folders, Action<StageEvent> report, CancellationToken cancellation)
    {
        var classes = dataset.LabelsOf(options.Supervise);
        options = options with { Network = options.Network.ForClasses(classes.Count) };
        var data = TrainingData.Load(dataset, dataset.Normalisation, classes);
        using var student = Untrained(options.Network, options.Recipe.Seed, place);
        using var task = new PretrainingTask(options, classes, data, student);
        new TrainingLoop(options.Recipe.Epochs, options.Recipe.StepsPerEpoch, folders, report).Run(task, cancellation);
        var figures = new EmbeddingProbe(student, dataset, data, new RandomStream(options.Recipe.Seed, "pretraining/probe")).Figures(classes);
        Save(folders.Output, student, classes, options.PromptsInBlocks && options.IsSupervised, dataset);
        figures.Write(folders.Output);
        report(new StageEvent.Message(figures.ToString()));
    }

    /// <summary>Writes a backbone that was never trained; needs no subject of the dataset.</summary>
    public static void WriteUntrained(UntrainedOptions options, PreparedDataset dataset, StageFolders folders)
    {
        ConfigurationException.ThrowIfAny(options.Faults(dataset.Classes));
        var start = new PretrainingOptions { Network = options.Network };
        WriteStart(start with { Recipe = start.Recipe with { Seed = options.Seed } }, dataset, folders);
    }

    /// <summary>Writes the backbone that a pre-training would start from; needs no subject of the dataset.</summary>
    internal static void WriteStart(PretrainingOptions options, PreparedDataset dataset, StageFolders folders)
    {
        var classes = dataset.LabelsOf(options.Supervise);
        using var network = Untrained(options.Network.ForClasses(classes.Count), options.Recipe.Seed, CPU);
        Save(folders.Output, network, classes, options.PromptsInBlocks, dataset);
    }

    private static SegmentationNetwork Untrained(NetworkConfiguration network, long seed, NetworkPlace place) =>
        SegmentationNetwork.Build(network, new RandomStream(seed, "network"), place);

    private static void Save(string folder, SegmentationNetwork network, IReadOnlyList<int> classes, bool promptsInBlocks, PreparedDataset dataset) =>
        ModelFolder.SaveBackbone(folder, network, new ModelCard
        {
            Network = network.Configuration,
            Classes = dataset.Classes,
            BaseClasses = classes,
            PromptsInBlocks = promptsInBlocks,
            Normalisation = dataset.Normalisation,
            Labels = dataset.Card.Labels,
            Grid = dataset.Card.Grid,
        });
}
