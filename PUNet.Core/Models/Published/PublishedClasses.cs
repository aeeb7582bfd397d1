using System.Globalization;
using PUNet.Core.Common;
using PUNet.Core.Imaging;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Models.Published;

/// <summary>Which classes a published network segments, and which of them it learned.</summary>
internal static class PublishedClasses
{
    /// <summary>Names of the foreground classes: as given, of the dataset that the hyper-parameters name, or numbered.</summary>
    public static IReadOnlyList<string> Names(
        PublishedCheckpoint checkpoint, PromptableUNetConfiguration network, ImportOptions options, List<string> assumptions)
    {
        if (options.Classes is not null) return [];
        var count = checkpoint.HyperParameters.Number("out_channels") is { } channels ? channels - 1 : (int?)null;
        var dataset = checkpoint.HyperParameters.Text("dataset") is { } name ? PublishedDatasets.Classes(name) : null;
        if (dataset is not null && (count ?? dataset.Count) == dataset.Count) return dataset;
        assumptions.Add("The file does not tell the names of its classes; they are numbered.");
        return [.. Enumerable.Range(1, Math.Clamp(count ?? network.PoolSize - 1, 1, network.PoolSize - 1)).Select(label => $"class {label}")];
    }

    /// <summary>Labels of the classes that it was trained on: the base classes, and after an adaptation the new ones.</summary>
    public static IReadOnlyList<int> Base(PublishedCheckpoint checkpoint, IReadOnlyList<string> classes, List<string> assumptions)
    {
        var given = checkpoint.HyperParameters;
        var labels = (given.Numbers("label_indices_base") ?? [])
            .Concat(given.Flag("downstream") == true ? given.Numbers("label_indices_downstream_active") ?? [] : [])
            .Where(label => label > 0).Distinct().Order().ToList();
        if (labels.Count > 0) return labels;
        assumptions.Add("The file does not tell which classes it was trained on; all are assumed.");
        return [.. Enumerable.Range(1, classes.Count)];
    }

    /// <summary>The card with what a person said laid over it.</summary>
    /// <exception cref="CheckpointException">A class is not known, or there are more than the network has prompts for.</exception>
    public static ModelCard Overlay(string path, ModelCard card, ImportOptions options)
    {
        var classes = options.Classes ?? card.Classes;
        var slots = card.Network is PromptableUNetConfiguration network ? network.PoolSize - 1 : int.MaxValue;
        if (classes.Count > slots) throw new CheckpointException($"{path} has prompts for {slots} foreground classes; {classes.Count} are named.");
        var trained = options.BaseClasses?.Select(text => Label(path, classes, text)).Distinct().Order().ToList();
        if (trained is null && card.BaseClasses.FirstOrDefault(label => label > classes.Count) is > 0 and var beyond)
            throw new CheckpointException(
                $"{path} was trained on class {beyond}; only {classes.Count} classes are named. Name all, in the order of their labels.");
        return card with
        {
            Classes = classes,
            BaseClasses = trained ?? card.BaseClasses,
            Normalisation = options.Window is { } window ? new Normalisation.Window(window.Low, window.High) : card.Normalisation,
        };
    }

    private static int Label(string path, IReadOnlyList<string> classes, string text)
    {
        var label = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : classes.ToList().IndexOf(text) + 1;
        return label >= 1 && label <= classes.Count
            ? label
            : throw new CheckpointException($"{path} has no class '{text}'; its classes are {string.Join(", ", classes)}.");
    }
}
