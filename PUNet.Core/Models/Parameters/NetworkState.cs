using PUNet.Core.Common;
using PUNet.Core.Models.Promptable;
using PUNet.Core.Models.Published;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Parameters;

/// <summary>Reads and writes the whole state of a network: parameters and normalisation statistics by name.</summary>
public static class NetworkState
{
    /// <summary>All tensors of a network by our names; they are the network's own, not copies.</summary>
    public static IReadOnlyDictionary<string, Tensor> Of(nn.Module network) => network.state_dict();

    /// <summary>Writes given values into a network.</summary>
    /// <param name="network">Target.</param>
    /// <param name="tensors">Values by our names.</param>
    /// <param name="newParts">Whether fixed head, bottlenecks, low-rank updates and prompts of classes above all given ones keep their initial
    /// values: an adaptation brings its own.</param>
    /// <exception cref="CheckpointException">A tensor is missing, unexpected or of another shape; the network is unchanged.</exception>
    public static void Restore(SegmentationNetwork network, IReadOnlyDictionary<string, Tensor> tensors, bool newParts = false)
    {
        if (!newParts) Write(Of(network), tensors);
        else Write(WithoutNewClasses(network, WithoutNewParts(network, Of(network)), tensors.Keys), WithoutNewParts(network, tensors));
    }

    /// <summary>Writes values given under the published implementation's names (<see cref="PublishedNames"/>) into a network.</summary>
    /// <exception cref="CheckpointException">A tensor is missing, unexpected or of another shape; the network is unchanged.</exception>
    public static void RestorePublished(PromptableUNet network, IReadOnlyDictionary<string, Tensor> tensors) =>
        Write(
            Of(network).Where(entry => !PublishedNames.CarriesNothing(entry.Key))
                .ToDictionary(entry => PublishedNames.Of(entry.Key), entry => entry.Value),
            tensors.Where(entry => !PublishedNames.CarriesNothing(entry.Key)).ToDictionary());

    /// <summary>Copies a network's state into another one of the same configuration.</summary>
    public static void Copy(SegmentationNetwork from, SegmentationNetwork to) => Restore(to, Of(from));

    /// <summary>Copies values onto targets after checking that names and shapes agree.</summary>
    internal static void Write(IReadOnlyDictionary<string, Tensor> targets, IReadOnlyDictionary<string, Tensor> values)
    {
        Check(targets, values);
        using var noGradients = no_grad();
        foreach (var (name, target) in targets) target.copy_(values[name]);
    }

    private static void Check(IReadOnlyDictionary<string, Tensor> targets, IReadOnlyDictionary<string, Tensor> values)
    {
        var missing = targets.Keys.Where(name => !values.ContainsKey(name)).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
            throw new CheckpointException($"The weights lack {Listed(missing)}; they belong to a network of another configuration.");
        var unexpected = values.Keys.Where(name => !targets.ContainsKey(name)).Order(StringComparer.Ordinal).ToList();
        if (unexpected.Count > 0)
            throw new CheckpointException(
                $"The weights have {Listed(unexpected)}, which this network has not; build the network from the configuration they were made with.");
        foreach (var (name, target) in targets)
            if (!target.shape.SequenceEqual(values[name].shape))
                throw new CheckpointException(
                    $"Weight '{name}' has shape [{string.Join(", ", values[name].shape)}], this network needs [{string.Join(", ", target.shape)}]; "
                    + "build the network from the configuration they were made with.");
    }

    private static string Listed(List<string> names) =>
        names.Count <= 3 ? string.Join(", ", names.Select(name => $"'{name}'")) : $"'{names[0]}', '{names[1]}' and {names.Count - 2} more tensors";

    private static Dictionary<string, Tensor> WithoutNewClasses(
        SegmentationNetwork network, Dictionary<string, Tensor> targets, IEnumerable<string> given)
    {
        var last = given.Select(network.ClassOf).Max() ?? int.MaxValue;
        return targets.Where(entry => network.ClassOf(entry.Key) is not { } label || label <= last).ToDictionary();
    }

    private static Dictionary<string, Tensor> WithoutNewParts(SegmentationNetwork network, IReadOnlyDictionary<string, Tensor> tensors) =>
        tensors.Where(entry => network.RoleOf(entry.Key) is not (ParameterRole.FixedHead or ParameterRole.Bottleneck or ParameterRole.LowRank))
            .ToDictionary();
}
