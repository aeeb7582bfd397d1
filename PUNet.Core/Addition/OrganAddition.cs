using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Data.Splits;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Inference;
using PUNet.Core.Metrics;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Training;
using PUNet.Core.Training.Options;

namespace PUNet.Core.Addition;

/// <summary>
/// Teaches a backbone one more organ without a script: brings annotated scans onto the backbone's grid, holds a fifth of them out, tunes
/// prompts with the recommended settings, and scores them on what was held out.
/// </summary>
public static class OrganAddition
{
    private const int HeldOutShare = 5;

    private static AdaptationOptions Recommended => AdaptationOptions.Recommended(AdaptationVariant.PromptTune, fixedLayer: false);

    /// <summary>Adds the organ.</summary>
    /// <param name="request">What, and from which scans.</param>
    /// <param name="backbone">Folder of the backbone.</param>
    /// <param name="place">cpu or cuda.</param>
    /// <param name="work">An empty folder for what is made on the way; the caller deletes it.</param>
    /// <param name="file">The adapter's new file; written last, and whole.</param>
    /// <param name="report">Told about progress, with the name of the step.</param>
    /// <param name="cancellation">Ends it; nothing is written then.</param>
    /// <exception cref="ConfigurationException">Scans, labels and backbone do not fit each other.</exception>
    /// <exception cref="ImageFileException">A file is missing or damaged, or a label map is on another grid than its image.</exception>
    public static AddedOrgan Run(
        OrganRequest request, string backbone, NetworkPlace place, string work, string file, Action<string, StageEvent> report,
        CancellationToken cancellation) =>
        Run(request, Recommended, backbone, place, work, file, report, cancellation);

    /// <summary>The same with other settings of the tuning.</summary>
    internal static AddedOrgan Run(
        OrganRequest request, AdaptationOptions tuning, string backbone, NetworkPlace place, string work, string file,
        Action<string, StageEvent> report, CancellationToken cancellation)
    {
        var card = ModelCard.Read(backbone);
        var grid = card.Grid ?? throw new ConfigurationException([ModelCard.WithoutGrid(backbone)]);
        if (card.BaseClassNames.Contains(request.Name))
            throw new ConfigurationException([$"The backbone has learned {request.Name} already. Give the new organ another name."]);
        var pairs = ScanPairs.Find(request.Images, request.Labels);
        var label = LabelOf(request, pairs);
        var options = new PreparationOptions
        {
            EarlierClasses = card.Classes,
            Classes = new Dictionary<int, string> { [label] = request.Name },
        }.On(grid);
        var use = new DatasetUse(card.Normalisation, subjects => HoldOut([.. subjects.Select(subject => subject.Id)], request.Seed));
        var dataset = Preparation.Run(pairs, options, use, Folder(work, "scans"), told => report("scans", told), cancellation);
        tuning = tuning with { Target = [request.Name], Recipe = tuning.Recipe with { Seed = request.Seed } };
        var adapter = Tune(tuning, backbone, dataset, place, work, report, cancellation);
        var heldOut = Score(request, backbone, adapter, dataset, place, work, report, cancellation);
        File.Copy(AdapterCard.WeightsOf(adapter), file + ".partial", overwrite: true);
        File.Move(file + ".partial", file);
        return new AddedOrgan(AdapterCard.Read(adapter), [.. dataset[Part.Train].Select(subject => subject.Id)], heldOut);
    }

    private static string Tune(
        AdaptationOptions options, string backbone, PreparedDataset dataset, NetworkPlace place, string work, Action<string, StageEvent> report,
        CancellationToken cancellation)
    {
        var folders = new StageFolders(Folder(work, "adapter"), Folder(work, "adapter.work"));
        Adaptation.Run(options, backbone, dataset, place, folders, told => report("prompts", told), cancellation);
        return folders.Output;
    }

    private static IReadOnlyList<(string, double?)> Score(
        OrganRequest request, string backbone, string adapter, PreparedDataset dataset, NetworkPlace place, string work,
        Action<string, StageEvent> report, CancellationToken cancellation)
    {
        if (dataset[Part.Test].Count == 0) return [];
        var folders = new StageFolders(Folder(work, "scores"), Folder(work, "scores.work"));
        var options = new EvaluationOptions { Classes = [request.Name] };
        Evaluation.Run(options, backbone, adapter, dataset, place, folders, told => report("scores", told), cancellation);
        return [.. SubjectScore.Read(folders.Output).Where(score => score.Metric == SegmentationMetrics.Dice.Name)
            .Select(score => (score.Subject, score.Value is { } share ? 100 * share : (double?)null))];
    }

    /// <summary>A fifth of the scans, at least one of two.</summary>
    private static DatasetSplit HoldOut(IReadOnlyList<string> ids, long seed)
    {
        var order = new RandomStream(seed, "addition/held out").Permutation(ids.Count).Select(i => ids[i]).ToList();
        var held = ids.Count < 2 ? 0 : Math.Max(1, ids.Count / HeldOutShare);
        return new DatasetSplit([.. ids.Except(order.Take(held))], [], [.. ids.Intersect(order.Take(held))]);
    }

    /// <summary>The organ's value, which some label map has.</summary>
    private static int LabelOf(OrganRequest request, IReadOnlyList<SubjectFiles> pairs)
    {
        var values = LabelValues.In(pairs.Select(pair => pair.LabelPath));
        var known = string.Join(", ", values.Take(20));
        if (values.Count == 0) throw new ConfigurationException(["The label maps are empty: no voxel has a label above 0."]);
        if (request.Label is { } given && !values.Contains((ushort)given))
            throw new ConfigurationException([$"No label map has the value {given}; they hold {known}. Correct --label."]);
        if (request.Label is null && values.Count > 1)
            throw new ConfigurationException([$"The label maps hold the values {known}. Say which one is the organ: --label {values[0]}"]);
        return request.Label ?? values[0];
    }

    private static string Folder(string work, string name) => Directory.CreateDirectory(Path.Combine(work, name)).FullName;
}
