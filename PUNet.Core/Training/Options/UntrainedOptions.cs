using PUNet.Core.Common.Settings;
using PUNet.Core.Models;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Training.Options;

/// <summary>A backbone that was never trained, the lower bound of every comparison.</summary>
public sealed record UntrainedOptions
{
    /// <summary>The network.</summary>
    public NetworkConfiguration Network { get; init; } = new PromptableUNetConfiguration();

    /// <summary>Seed of the initialisation.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Every fault of these options on a dataset of these foreground classes.</summary>
    public IEnumerable<Fault> Faults(IReadOnlyList<string> classes) => Network.PoolFaults(classes.Count);
}
