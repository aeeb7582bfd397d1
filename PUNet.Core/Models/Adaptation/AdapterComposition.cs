using PUNet.Core.Common;
using PUNet.Core.Common.Files;

namespace PUNet.Core.Models.Adaptation;

/// <summary>
/// Adapters that were tuned separately on one backbone, together in one folder: <c>composition.json</c> and a folder for each.
/// Nothing in them changes.
/// </summary>
public sealed record AdapterComposition
{
    private const string FileName = "composition.json";

    /// <summary>SHA-256 of the weights of the backbone that all of them were tuned on.</summary>
    public required string Backbone { get; init; }

    /// <summary>Labels of each adapter's classes; adapter i lies in the folder <c>i + 1</c>.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Classes { get; init; }

    /// <summary>Puts adapters together.</summary>
    /// <param name="adapters">Folders of adapters.</param>
    /// <param name="folder">An empty folder.</param>
    /// <exception cref="CheckpointException">They belong to different backbones, or two of them have a class in common.</exception>
    public static void Write(IReadOnlyList<string> adapters, string folder)
    {
        var cards = adapters.Select(AdapterCard.Read).ToList();
        for (var i = 0; i < cards.Count; i++) Check(adapters, cards, i);
        for (var i = 0; i < adapters.Count; i++)
        {
            var target = Directory.CreateDirectory(Path.Combine(folder, $"{i + 1}")).FullName;
            File.Copy(AdapterCard.WeightsOf(adapters[i]), Path.Combine(target, AdapterCard.WeightsFile));
            cards[i].Write(target);
        }
        JsonFile.Write(
            Path.Combine(folder, FileName),
            new AdapterComposition { Backbone = cards[0].Backbone, Classes = [.. cards.Select(card => card.NewClasses)] });
    }

    /// <summary>The adapters of a folder: those of a composition, or the one that it is itself.</summary>
    /// <exception cref="CheckpointException">The composition's file is damaged.</exception>
    public static IReadOnlyList<string> Parts(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return [folder];
        var composition = JsonFile.Read<AdapterComposition>(
            path, (problem, cause) => new CheckpointException($"{path} does not describe a composition of adapters: {problem}", cause));
        return [.. composition.Classes.Select((_, i) => Path.Combine(folder, $"{i + 1}"))];
    }

    private static void Check(IReadOnlyList<string> adapters, List<AdapterCard> cards, int i)
    {
        if (cards[i].Backbone != cards[0].Backbone)
            throw new CheckpointException(
                $"The adapters {adapters[0]} and {adapters[i]} were tuned on different backbones ({cards[0].Backbone[..12]}… and "
                + $"{cards[i].Backbone[..12]}…). Compose adapters of one backbone.");
        var common = Enumerable.Range(0, i).SelectMany(j => cards[j].NewClasses.Intersect(cards[i].NewClasses)).Cast<int?>().FirstOrDefault();
        if (common is { } label)
            throw new CheckpointException($"Two adapters predict class {label}, {adapters[i]} being one of them. Leave one out.");
    }
}
