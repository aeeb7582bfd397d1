using PUNet.Core.Common.Settings;
using PUNet.Core.Losses;
using PUNet.Core.Models;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Training.Options;

/// <summary>Everything that determines a pre-training. Defaults: the paper's (method.md, section 4).</summary>
public sealed record PretrainingOptions
{
    /// <summary>The paper's.</summary>
    public static PretrainingOptions Paper { get; } = new();

    /// <summary>What scripts start from: a small network and a short training (docs/prompts.md).</summary>
    public static PretrainingOptions Recommended { get; } = new()
    {
        Network = NetworkPresets.Small2d,
        Recipe = TrainingRecipe.Short with { Epochs = 20, BodyRate = 1.5e-3 },
    };

    /// <summary>The network.</summary>
    public NetworkConfiguration Network { get; init; } = new PromptableUNetConfiguration();

    /// <summary>Names of the base classes, whose labels supervise; none for a purely self-supervised pre-training.</summary>
    public IReadOnlyList<string> Supervise { get; init; } = [];

    /// <summary>The self-supervised loss; null for a purely supervised pre-training.</summary>
    public ContrastivePrototypeAssignmentOptions? SelfSupervise { get; init; }

    /// <summary>Whether the attention blocks see the active classes' prompts (false: the paper's "noninstructed" runs).</summary>
    public bool PromptsInBlocks { get; init; } = true;

    /// <summary>Fewest and most base classes active in a sample; a baseline has all of them.</summary>
    public (int Fewest, int Most) ActiveClasses { get; init; } = (1, 1);

    /// <summary>τ: share of itself that the teacher keeps in a step.</summary>
    [Within(0, 1, Limits.Share)]
    public double Momentum { get; init; } = 0.99;

    /// <summary>How it is trained.</summary>
    public TrainingRecipe Recipe { get; init; } = TrainingRecipe.Pretraining;

    /// <summary>Whether labels supervise.</summary>
    internal bool IsSupervised => Supervise.Count > 0;

    /// <summary>Every fault of these options on a dataset of these foreground classes, none if they can be used.</summary>
    public IReadOnlyList<Fault> Faults(IReadOnlyList<string> classes) =>
    [
        .. Limits.Of(this), .. Rules(), .. ClassList.Faults("supervise", Supervise, classes), .. Network.PoolFaults(classes.Count),
        .. Recipe.Faults(), .. Recipe.FocalLoss.Faults(classes.Count), .. SelfSupervise?.Faults() ?? [],
    ];

    private IEnumerable<Fault> Rules()
    {
        if (!IsSupervised && SelfSupervise is null)
            yield return new Fault(
                "pretrain", "pre-training has no loss", "it learns from labels, from itself, or from both", "none",
                "add supervise … or self_supervise cpa");
        if (IsSupervised && ActiveRange.Fault(ActiveClasses, Supervise.Count, "supervised") is { } range) yield return range;
    }
}
