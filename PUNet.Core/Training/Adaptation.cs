using PUNet.Core.Common;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Training.Diagnosis;
using PUNet.Core.Training.Optimisation;
using PUNet.Core.Training.Options;
using PUNet.Core.Training.Prototypes;
using static TorchSharp.torch;

namespace PUNet.Core.Training;

/// <summary>Adapts a backbone to new classes and writes only what was tuned.</summary>
public static class Adaptation
{
    /// <summary>Trains the variant's parameters on the training part of a prepared dataset.</summary>
    /// <param name="options">Variant, classes, schedule.</param>
    /// <param name="backbone">Folder of a backbone.</param>
    /// <param name="dataset">A prepared dataset, opened with its training part.</param>
    /// <param name="place">cpu or cuda.</param>
    /// <param name="folders">Where to write.</param>
    /// <param name="report">Told about progress.</param>
    /// <param name="cancellation">Ends it after a checkpoint.</param>
    /// <exception cref="ConfigurationException">The options do not fit the backbone or the dataset.</exception>
    /// <exception cref="InvalidOperationException">The tuning changed what belongs to earlier classes; nothing is written.</exception>
    public static void Run(
        AdaptationOptions options, string backbone, PreparedDataset dataset, NetworkPlace place,
        StageFolders folders, Action<StageEvent> report, CancellationToken cancellation)
    {
        var before = ModelCard.Read(backbone);
        ConfigurationException.ThrowIfAny(options.Faults(dataset.Classes)
            .Concat(options.BackboneFaults("the backbone", before.Network, before.BaseClassNames, dataset.Classes))
            .Concat(before.Network.PoolFaults(before.Classes.ToList().FindLastIndex(options.Target.Contains) + 1)));
        Train(options, backbone, dataset, place, folders, report, cancellation);
    }

    /// <summary>The same, whatever the options' numbers are.</summary>
    internal static void Train(
        AdaptationOptions options, string backbone, PreparedDataset dataset, NetworkPlace place,
        StageFolders folders, Action<StageEvent> report, CancellationToken cancellation)
    {
        var (learned, frozen) = (dataset.LabelsOf(options.Target), dataset.LabelsOf(options.FrozenClasses));
        var (network, card) = ModelFolder.LoadBackbone(
            backbone, place, own => own.WithRoomFor(learned[^1]).AdaptedBy(options.Variant, learned.Count, options.Rank),
            new RandomStream(options.Recipe.Seed, "adaptation/network"));
        using var _ = network;
        var data = TrainingData.Load(dataset, card.Normalisation, learned, options.Subjects, options.Recipe.Seed);
        if (options.Subjects is not null) report(new StageEvent.Message($"drawn to learn from: {string.Join(", ", data.Subjects)}"));
        using var earlier = new ForgettingCheck(network, card, data[data.Subjects[0]]);
        if (!network.Configuration.UsesFixedLayer(options.Variant))
            NewClassPrompts.DrawRandom(network, learned, new RandomStream(options.Recipe.Seed, "adaptation/prompts"));
        if (options.InitialTokens != TokenInitialisation.Random && card.BaseClasses.Count > 0)
            NewClassPrompts.TakeMean(network, learned, [.. card.BaseClasses]);
        if (options.InitialTokens == TokenInitialisation.Prototypes) PrototypeStart.Take(options.Recipe, card, data, network, learned);
        var trained = ParameterGroups.Trained(network, options.Variant, learned, options.OwnBackground);
        ParameterGroups.TrainOnly(network, trained);
        report(new StageEvent.Message(ParameterReport.Of(network, trained).Summary));
        var choice = options.BestOfValidation ? Choice(options, learned, card, dataset, network) : null;
        using var task = new AdaptationTask(options, (learned, frozen), card, data, network, trained, choice);
        new TrainingLoop(options.Recipe.Epochs, options.Recipe.StepsPerEpoch, folders, report).Run(task, cancellation);
        if (task.Finish() is { Length: > 0 } chosen) report(new StageEvent.Message(chosen));
        var warnings = new CollapseCheck(network, card, learned).Warnings(
            [.. data.Subjects.Select(dataset.Subject)], id => data[id], dataset.Classes,
            new RandomStream(options.Recipe.Seed, "adaptation/diagnosis"));
        foreach (var warning in warnings) report(new StageEvent.Warning(warning.Text));
        using var tuned = Adapter.Extract(network, options.Variant, learned, allStatistics: !options.FreezeStatistics, options.OwnBackground);
        report(new StageEvent.Message(earlier.Confirm(tuned)));
        ModelFolder.SaveAdapter(folders.Output, tuned.Tensors, new AdapterCard
        {
            Variant = options.Variant,
            NewClasses = learned,
            ClassNames = [.. learned.Select(label => dataset.Classes[label - 1])],
            Labels = [.. learned.Select(label => dataset.Card.Labels[label - 1])],
            FrozenClasses = frozen,
            AllStatistics = !options.FreezeStatistics,
            OwnBackground = options.OwnBackground,
            Rank = options.Variant == AdaptationVariant.TuneLowRank ? options.Rank : null,
            Backbone = ModelFolder.BackboneHash(backbone),
            TrainedParameters = ParameterGroups.Count(trained),
            TotalParameters = AdaptedModel.Total(network, trained),
            Warnings = warnings,
        });
    }

    /// <summary>What keeps the best epoch; the validation subjects stay in memory while it trains.</summary>
    private static Func<FlatAdamW, ValidationChoice> Choice(
        AdaptationOptions options, IReadOnlyList<int> learned, ModelCard card, PreparedDataset dataset, SegmentationNetwork network)
    {
        var subjects = dataset[Part.Validation];
        var voxels = subjects.ToDictionary(subject => subject.Id, subject => dataset.LoadCompactly(subject.Id, card.Normalisation));
        var random = new RandomStream(options.Recipe.Seed, "adaptation/validation");
        return optimiser => new ValidationChoice(network, card, learned, subjects, id => voxels[id], optimiser, random);
    }
}
