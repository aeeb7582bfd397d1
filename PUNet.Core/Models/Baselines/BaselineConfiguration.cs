using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Models.Baselines;

/// <summary>
/// A network without prompts that the prompt-able UNet is compared with: features at the image's resolution, and two heads on
/// them, one for segmentation and one for the embedding. As in the paper's comparison, it works on slices.
/// The architectures are MONAI's of version 0.9; each block names the class of <c>monai.networks</c> that it corresponds to.
/// </summary>
public abstract record BaselineConfiguration : NetworkConfiguration
{
    /// <summary>Only background until a training says how many classes there are.</summary>
    private protected BaselineConfiguration() => FixedOutputChannels = 1;

    /// <summary>Channels of the features that both heads read, and of the embedding.</summary>
    public int OutputFeatures { get; init; } = 32;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (InChannels < 1) faults.Add($"in_channels must be at least 1, not {InChannels}.");
        if (OutputFeatures < 1) faults.Add($"output_features must be at least 1, not {OutputFeatures}.");
        if (FixedOutputChannels is not > 0)
            faults.Add(
                $"fixed_output_channels must be 1 + the classes, not {FixedOutputChannels?.ToString() ?? "none"}: this architecture has no prompts.");
        ConfigurationFaults.Patches(this, faults);
        foreach (var (name, patch) in Patches)
        {
            if (patch.D != 1) faults.Add($"{name} ({patch}) must have a depth of 1: {Architecture} works on slices.");
            if (patch.H < Smallest || patch.W < Smallest || patch.H % Multiple != 0 || patch.W % Multiple != 0)
                faults.Add(
                    $"{name} ({patch}) must be a multiple of {Multiple} voxels in-plane{(Smallest > Multiple ? $", at least {Smallest}" : "")}: "
                    + $"{Architecture} halves its maps that often.");
        }
        AddSizes(faults);
        return faults;
    }

    /// <inheritdoc/>
    public sealed override NetworkConfiguration ForClasses(int classes) => this with { FixedOutputChannels = 1 + classes };

    /// <inheritdoc/>
    public sealed override NetworkConfiguration AdaptedBy(AdaptationVariant variant, int newClasses) => ForClasses(newClasses);

    /// <inheritdoc/>
    public sealed override bool UsesFixedLayer(AdaptationVariant variant) => true;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> AdaptationFaults(AdaptationVariant variant, IReadOnlyCollection<int> newClasses) => variant switch
    {
        AdaptationVariant.PromptTune or AdaptationVariant.TuneBiasesAndPrompts => [Lacks("prompts to tune")],
        AdaptationVariant.TuneBottlenecks => [Lacks("attention blocks for bottlenecks")],
        _ => [],
    };

    private string Lacks(string what) => $"{Architecture} has no {what}. Adapt it by fineTune, tuneOutput, tuneDecoder or tuneBiases.";

    /// <summary>The architecture's name in messages.</summary>
    private protected abstract string Architecture { get; }

    /// <summary>Patches are multiples of this in-plane, voxels.</summary>
    private protected abstract int Multiple { get; }

    /// <summary>Smallest patch in-plane, voxels.</summary>
    private protected virtual int Smallest => Multiple;

    /// <summary>Adds the faults of the architecture's own sizes.</summary>
    private protected abstract void AddSizes(List<string> faults);
}
