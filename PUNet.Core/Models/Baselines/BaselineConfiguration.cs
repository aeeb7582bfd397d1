using PUNet.Core.Blocks;
using PUNet.Core.Common.Settings;
using PUNet.Core.Models.Adaptation;

namespace PUNet.Core.Models.Baselines;

/// <summary>
/// A network without prompts that the prompt-able UNet is compared with: features at the image's resolution, and two heads on
/// them, one for segmentation and one for the embedding. As in the paper's comparison, it works on slices.
/// </summary>
public abstract record BaselineConfiguration : NetworkConfiguration
{
    private const string Ways = "adapt it by fineTune, tuneOutput, tuneDecoder, tuneBiases or tuneNorms";

    /// <summary>Only background until a training says how many classes there are.</summary>
    private protected BaselineConfiguration() => FixedOutputChannels = 1;

    /// <summary>Channels of the features that both heads read, and of the embedding.</summary>
    public int OutputFeatures { get; init; } = 32;

    /// <inheritdoc/>
    private protected sealed override IEnumerable<Fault> Rules()
    {
        if (InChannels < 1) yield return new Fault("in_channels", $"in_channels must be at least 1, not {InChannels}");
        if (OutputFeatures < 1) yield return new Fault("output_features", $"output_features must be at least 1, not {OutputFeatures}");
        if (FixedOutputChannels is not > 0)
            yield return new Fault(
                "fixed_output_channels",
                $"fixed_output_channels must be 1 + the classes, not {FixedOutputChannels?.ToString() ?? "none"}: this architecture has no prompts");
        foreach (var fault in PatchRules()) yield return fault;
        foreach (var (name, patch) in Patches)
        {
            if (patch.D != 1) yield return new Fault(name, $"{name} ({patch}) must have a depth of 1: {Architecture} works on slices");
            if (patch.H < Smallest || patch.W < Smallest || patch.H % Multiple != 0 || patch.W % Multiple != 0)
                yield return new Fault(
                    name,
                    $"{name} ({patch}) must be a multiple of {Multiple} voxels in-plane{(Smallest > Multiple ? $", at least {Smallest}" : "")}: "
                    + $"{Architecture} halves its maps that often");
        }
        foreach (var fault in SizeRules()) yield return fault;
    }

    /// <inheritdoc/>
    public sealed override NetworkConfiguration ForClasses(int classes) => this with { FixedOutputChannels = 1 + classes };

    /// <inheritdoc/>
    public sealed override NetworkConfiguration AdaptedBy(AdaptationVariant variant, int newClasses, int rank = DefaultRank) =>
        ForClasses(newClasses);

    /// <inheritdoc/>
    public sealed override bool UsesFixedLayer(AdaptationVariant variant) => true;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Fault> AdaptationFaults(AdaptationVariant variant) => variant switch
    {
        AdaptationVariant.PromptTune or AdaptationVariant.TuneBiasesAndPrompts =>
            [new Fault([], $"{Architecture} has no prompts to tune", Remedy: Ways)],
        AdaptationVariant.TuneBottlenecks =>
            [new Fault([], $"{Architecture} has no attention blocks for bottlenecks", Remedy: Ways)],
        AdaptationVariant.TuneLowRank => [new Fault([], $"{Architecture} has no place for low-rank updates", Remedy: Ways)],
        _ => [],
    };

    /// <summary>The features of the architecture, with parameters drawn as given.</summary>
    internal abstract BaselineBody CreateBody(Initialisation draw);

    /// <summary>The architecture's name in messages.</summary>
    private protected abstract string Architecture { get; }

    /// <summary>Patches are multiples of this in-plane, voxels.</summary>
    private protected abstract int Multiple { get; }

    /// <summary>Smallest patch in-plane, voxels.</summary>
    private protected virtual int Smallest => Multiple;

    /// <summary>How the architecture's own sizes must fit together.</summary>
    private protected abstract IEnumerable<Fault> SizeRules();
}
