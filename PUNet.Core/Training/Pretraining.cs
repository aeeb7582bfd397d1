using PUNet.Core.Common;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Models;
using static TorchSharp.torch;

namespace PUNet.Core.Training;

/// <summary>Makes a backbone: by pre-training, or untrained as the lower bound.</summary>
public static class Pretraining
{
    /// <summary>Pre-trains on the training part of a prepared dataset; writes the student and its card.</summary>
    /// <param name="options">Network, losses, schedule.</param>
    /// <param name="dataset">Opened with its training part.</param>
    /// <param name="place">cpu or cuda.</param>
    /// <param name="folders">Where to write.</param>
    /// <param name="report">Told about progress.</param>
    /// <param name="cancellation">Ends it after a checkpoint.</param>
    /// <exception cref="OperationCanceledException">Cancelled after a checkpoint; the same call goes on from it.</exception>
    public static void Run(
        PretrainingOptions options, PreparedDataset dataset, NetworkPlace place,
        StageFolders folders, Action<StageEvent> report, CancellationToken cancellation)
    {
        options = OnBaseClasses(options);
        var learned = options.Loss == PretrainingLoss.Self ? [] : options.BaseClasses;
        var data = TrainingData.Load(dataset, dataset.Normalisation, learned);
        using var student = Untrained(options, place);
        using var task = new PretrainingTask(options, data, student);
        var steps = Math.Max(1, options.CropsPerEpoch / options.BatchSize);
        new TrainingLoop(options.Epochs, steps, folders, report).Run(task, cancellation);
        Save(folders.Output, student, options, dataset);
    }

    /// <summary>Writes the backbone that a pre-training of these options would start from; needs no subject of the dataset.</summary>
    public static void WriteUntrained(PretrainingOptions options, PreparedDataset dataset, StageFolders folders)
    {
        options = OnBaseClasses(options);
        using var network = Untrained(options, CPU);
        Save(folders.Output, network, options, dataset);
    }

    /// <summary>The same options with the network for their base classes, checked.</summary>
    private static PretrainingOptions OnBaseClasses(PretrainingOptions options)
    {
        options = options with { Network = options.Network.ForClasses(options.BaseClasses.Count) };
        ConfigurationException.ThrowIfAny(options.Network.Validate());
        return options;
    }

    private static SegmentationNetwork Untrained(PretrainingOptions options, NetworkPlace place) =>
        SegmentationNetwork.Build(options.Network, new RandomStream(options.Seed, "network"), place);

    private static void Save(string folder, SegmentationNetwork network, PretrainingOptions options, PreparedDataset dataset) =>
        ModelFolder.SaveBackbone(folder, network, new ModelCard
        {
            Network = options.Network,
            Classes = dataset.Classes,
            BaseClasses = options.BaseClasses,
            PromptsInBlocks = options.PromptsInBlocks && options.Loss != PretrainingLoss.Self,
            Normalisation = dataset.Normalisation,
        });
}
