using System.Globalization;
using PUNet.Core.Common;
using PUNet.Core.Models.Adaptation;

namespace PUNet.Core.Models.Parameters;

/// <summary>How many parameters a network has, and how many of them are trained, by component and by class (method.md, section 2, counts).</summary>
public sealed record ParameterReport
{
    private static readonly string[] _order =
    [
        "stem", "position code", "encoder", "decoder", "body",
        "prompt tokens", "prompt bias scores", "bottlenecks", "low-rank updates", "output layer", "embedding layer",
    ];

    private ParameterReport(long total, IReadOnlyList<ParameterCount> counts) => (Total, Counts) = (total, counts);

    /// <summary>Parameters of the body, and those that are trained beside it: what the paper's percentages refer to.</summary>
    public long Total { get; }

    /// <summary>Parameters that are trained.</summary>
    public long Trained => Counts.Sum(count => count.Trained);

    /// <summary>All parameters by component and class, in the order of the network.</summary>
    public IReadOnlyList<ParameterCount> Counts { get; }

    /// <summary>All parameters by component alone.</summary>
    public IReadOnlyList<ParameterCount> ByComponent => Sums(Counts.GroupBy(count => count.Component), group => (group.Key, null));

    /// <summary>The parameters that belong to a class, by class alone; ascending.</summary>
    public IReadOnlyList<ParameterCount> ByClass =>
        Sums(Counts.Where(count => count.Class is not null).GroupBy(count => count.Class).OrderBy(group => group.Key), group => ("", group.Key));

    /// <summary>For example: trainable 57,344 of 6,815,648 (0.84 %).</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture, $"trainable {Trained:N0} of {Total:N0} ({100.0 * Trained / Total:0.00} %)");

    /// <summary>Counts a network whose given parameters are trained.</summary>
    public static ParameterReport Of(SegmentationNetwork network, IReadOnlyCollection<NetworkParameter> trained)
    {
        var names = trained.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        var counts = ParameterGroups.Of(network).GroupBy(parameter => (Component: Component(parameter), parameter.Class))
            .OrderBy(group => Array.IndexOf(_order, group.Key.Component)).ThenBy(group => group.Key.Class ?? -1)
            .Select(group => new ParameterCount(
                group.Key.Component, group.Key.Class,
                ParameterGroups.Count(group.Where(parameter => !names.Contains(parameter.Name))),
                ParameterGroups.Count(group.Where(parameter => names.Contains(parameter.Name)))));
        return new ParameterReport(AdaptedModel.Total(network, trained), [.. counts]);
    }

    /// <summary>Counts a backbone of which nothing is trained.</summary>
    /// <param name="card">The backbone's card.</param>
    public static ParameterReport OfBackbone(ModelCard card)
    {
        using var network = Build(card.Network);
        return Of(network, []);
    }

    /// <summary>Counts what a variant trains, or trained, for new classes of a backbone.</summary>
    /// <param name="card">The backbone's card.</param>
    /// <param name="variant">Row of the table in method.md, section 4.</param>
    /// <param name="newClasses">Labels of the new classes.</param>
    /// <param name="rank">Of low-rank updates.</param>
    /// <exception cref="ArgumentException">The backbone cannot learn the classes in this way.</exception>
    public static ParameterReport OfVariant(
        ModelCard card, AdaptationVariant variant, IReadOnlyCollection<int> newClasses, int rank = NetworkConfiguration.DefaultRank)
    {
        using var network = Build(card.Network.AdaptedBy(variant, newClasses.Count, rank));
        return Of(network, ParameterGroups.Trained(network, variant, newClasses));
    }

    private static SegmentationNetwork Build(NetworkConfiguration configuration) =>
        SegmentationNetwork.Build(configuration, new RandomStream(0, "counted only"));

    private static string Component(NetworkParameter parameter) => parameter.Role switch
    {
        ParameterRole.PromptTokens => "prompt tokens",
        ParameterRole.PromptBiasTable or ParameterRole.PromptBiasWeight => "prompt bias scores",
        ParameterRole.FixedHead => "output layer",
        ParameterRole.EmbeddingHead => "embedding layer",
        ParameterRole.Bottleneck => "bottlenecks",
        ParameterRole.LowRank => "low-rank updates",
        _ when parameter.IsInDecoder => "decoder",
        _ => parameter.Name.Split('.')[0] switch
        {
            "stem" => "stem",
            "position_code" => "position code",
            "encoder" or "net" => "encoder",
            _ => "body",
        },
    };

    private static IReadOnlyList<ParameterCount> Sums<TKey>(
        IEnumerable<IGrouping<TKey, ParameterCount>> groups, Func<IGrouping<TKey, ParameterCount>, (string Component, int? Class)> name) =>
        [.. groups.Select(group => new ParameterCount(
            name(group).Component, name(group).Class, group.Sum(count => count.Frozen), group.Sum(count => count.Trained)))];
}
