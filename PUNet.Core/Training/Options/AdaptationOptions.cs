using PUNet.Core.Common;
using PUNet.Core.Common.Settings;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;

namespace PUNet.Core.Training.Options;

/// <summary>Everything that determines the adaptation of a backbone to new classes. Defaults: the paper's (method.md, section 4).</summary>
public sealed record AdaptationOptions
{
    /// <summary>The paper's of a variant.</summary>
    public static AdaptationOptions Paper(AdaptationVariant variant) => new() { Variant = variant };

    /// <summary>What scripts start from (docs/prompts.md): the fewer parameters a variant trains, the higher is its rate.</summary>
    /// <param name="variant">What is trained.</param>
    /// <param name="fixedLayer">Whether it predicts by a fixed output layer; then nothing that belongs to prompts is set.</param>
    public static AdaptationOptions Recommended(AdaptationVariant variant, bool fixedLayer) => new()
    {
        Variant = variant,
        InitialTokens = fixedLayer ? TokenInitialisation.Random : TokenInitialisation.Prototypes,
        OwnBackground = !fixedLayer,
        WeightAverage = 0.9,
        Recipe = TrainingRecipe.Short with { Epochs = 6, BodyRate = RecommendedRate(variant), WeightDecay = 0 },
    };

    private static double RecommendedRate(AdaptationVariant variant) => variant switch
    {
        AdaptationVariant.TuneOutput => 1e-2,
        AdaptationVariant.TuneBiases or AdaptationVariant.TuneBottlenecks or AdaptationVariant.TuneLowRank or AdaptationVariant.TuneNorms => 3e-3,
        AdaptationVariant.TuneDecoder or AdaptationVariant.TuneBiasesAndPrompts => 1e-3,
        _ => 5e-4,
    };

    /// <summary>What is trained.</summary>
    public AdaptationVariant Variant { get; init; } = AdaptationVariant.PromptTune;

    /// <summary>Names of the new classes.</summary>
    public IReadOnlyList<string> Target { get; init; } = [];

    /// <summary>What the new classes' tokens start from.</summary>
    public TokenInitialisation InitialTokens { get; init; }

    /// <summary>
    /// Train background tokens of the similarity that belong to the new classes, from the backbone's on: what is not the new class need not look
    /// like what was none of the base classes. The published code's <c>separate_background</c>.
    /// </summary>
    public bool OwnBackground { get; init; }

    /// <summary>Share of itself that a running mean of the tuned parameters keeps in a step, which is the result; null: the last step's.</summary>
    [Within(0, 1, Limits.Share)]
    public double? WeightAverage { get; init; }

    /// <summary>Whether the epoch with the best Dice on crops of the validation subjects is the result; else the last one.</summary>
    public bool BestOfValidation { get; init; }

    /// <summary>The parts of the dataset whose subjects a training reads.</summary>
    public IReadOnlyList<Part> Reads() => BestOfValidation ? [Part.Train, Part.Validation] : [Part.Train];

    /// <summary>Keep a frozen backbone's normalisation statistics as they are, so that it stays bit-identical.</summary>
    public bool FreezeStatistics { get; init; } = true;

    /// <summary>r of low-rank updates, which one variant has.</summary>
    [Within(1, 256, "an update of a higher rank is no smaller than what it updates")]
    public int Rank { get; init; } = NetworkConfiguration.DefaultRank;

    /// <summary>k: only so many annotated training subjects, drawn by the recipe's seed; null: all.</summary>
    [Within(1, 1_000_000, "no dataset has so many subjects")]
    public int? Subjects { get; init; }

    /// <summary>
    /// Names of base classes that are active beside the new ones: their prompts are keys and have maps of their own, but stay as they
    /// are, and their voxels count as background.
    /// </summary>
    public IReadOnlyList<string> FrozenClasses { get; init; } = [];

    /// <summary>Fewest and most new classes active in a sample; null: all of them.</summary>
    public (int Fewest, int Most)? ActiveClasses { get; init; }

    /// <summary>How it is trained.</summary>
    public TrainingRecipe Recipe { get; init; } = TrainingRecipe.Adaptation;

    /// <summary>Fewest and most new classes of a sample.</summary>
    internal (int Fewest, int Most) Active => ActiveClasses ?? (Target.Count, Target.Count);

    /// <summary>Every fault of these options, whatever they are used on, none if they can be used.</summary>
    /// <param name="classes">Names of the dataset's foreground classes.</param>
    public IReadOnlyList<Fault> Faults(IReadOnlyList<string> classes) =>
    [
        .. Limits.Of(this), .. Rules(), .. ClassList.Faults("target", Target, classes), .. ClassList.Faults("frozen_classes", FrozenClasses, classes),
        .. Recipe.Faults(), .. Recipe.FocalLoss.Faults(classes.Count),
    ];

    /// <summary>Every fault of these options on a backbone, none if it can be adapted so.</summary>
    /// <param name="backbone">What messages call the backbone.</param>
    /// <param name="network">Its network.</param>
    /// <param name="learned">Names of its base classes.</param>
    /// <param name="classes">Names of the dataset's foreground classes.</param>
    public IReadOnlyList<Fault> BackboneFaults(
        string backbone, NetworkConfiguration network, IReadOnlyList<string> learned, IReadOnlyList<string> classes)
    {
        var faults = new List<Fault>();
        var given = string.Join(", ", learned);
        faults.AddRange(Target.Intersect(learned).Select(name => new Fault(
            "target", $"class \"{name}\" was already supervised in {backbone}", "a backbone is adapted to classes that it has not seen",
            given, "take a novel class, or leave it out of supervise")));
        faults.AddRange(FrozenClasses.Intersect(classes).Except(learned).Select(name => new Fault(
            "frozen_classes", $"class \"{name}\" was not learned by {backbone}", "frozen classes keep the prompts that the backbone learned",
            given, "name base classes only")));
        var own = network.Faults().Select(fault => fault.ToString()).ToHashSet();
        var refused = network.AdaptationFaults(Variant);
        faults.AddRange(refused);
        faults.AddRange(network.AdaptedBy(Variant, Math.Max(1, Target.Count), Rank).Faults().Where(fault => !own.Contains(fault.ToString()))
            .Select(fault => fault with { Settings = [.. fault.Settings.Intersect(["rank"]), "target"] }));
        if (refused.Count == 0 && network.UsesFixedLayer(Variant)) faults.AddRange(AllAtOnce());
        if (refused.Count == 0 && network.UsesFixedLayer(Variant)) faults.AddRange(WithoutPrompts());
        if (InitialTokens == TokenInitialisation.MeanOfBase && learned.Count == 0)
            faults.Add(new Fault(
                "initial_tokens", $"{backbone} has no base classes",
                "the mean is taken over the tokens of the classes that supervised it", "none", "let the tokens start at random"));
        return faults;
    }

    private IEnumerable<Fault> Rules()
    {
        if (Target.Count == 0)
            yield return new Fault("target", "no target class", "an adaptation learns at least one class", "none", "add target organ");
        if (ActiveClasses is { } range && ActiveRange.Fault(range, Target.Count, "target") is { } fault) yield return fault;
    }

    /// <summary>What belongs to prompts acts on nothing where there are none.</summary>
    private IEnumerable<Fault> WithoutPrompts()
    {
        var given = new[]
        {
            (FrozenClasses.Count > 0, "frozen_classes"), (OwnBackground, "own_background"),
            (InitialTokens != TokenInitialisation.Random, "initial_tokens"),
        };
        return given.Where(entry => entry.Item1).Select(entry => new Fault(
            entry.Item2, $"{entry.Item2} has no effect here", $"{Variant.Keyword()} predicts by a fixed output layer and uses no prompts",
            "", "remove it"));
    }

    /// <summary>A new output layer has a channel for each of its classes.</summary>
    private IEnumerable<Fault> AllAtOnce()
    {
        if (ActiveClasses is { } range && range != (Target.Count, Target.Count))
            yield return new Fault(
                "active_classes", $"{Variant.Keyword()} trains all its classes at once", "its output layer has one channel for each of them",
                $"({range.Fewest}, {range.Most})", "remove it");
    }
}
