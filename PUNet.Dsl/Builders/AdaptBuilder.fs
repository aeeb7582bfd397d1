namespace PUNet.Dsl

open System.Runtime.CompilerServices
open PUNet.Core.Models.Adaptation
open PUNet.Core.Training.Options
open PUNet.Dsl.Effect
open PUNet.Dsl.Rules

/// promptTune backbone { target organ; epochs 100 }, and the same for the other variants.
[<Sealed>]
type AdaptBuilder internal (variant: AdaptationVariant, backbone: StageNode) =
    inherit SettingsBuilder<StageDraft<AdaptationOptions>>()

    let names = AdaptationOptions(Variant = variant)
    let put line property value settings = settings |> StageDraft.put line property value
    let keyword = variant.Keyword()

    let recommended =
        let fixedLayer = StageSpec.backbone backbone.Spec |> Option.exists (fun (network, _) -> network.UsesFixedLayer variant)

        AdaptationOptions.Recommended(variant, fixedLayer)

    let targets word (classes: string list) line settings =
        let set = StageDraft.change (CoreRecord.set (nameof names.Target) (ResizeArray classes))
        settings @ [ Setting.ofParts word line [ "target", set ] ]

    let startFrom (choice: TokenInitialisation) word line settings =
        let set = StageDraft.change (CoreRecord.set (nameof names.InitialTokens) choice)
        settings @ [ Setting.ofParts word line [ "initial_tokens", set ] ]

    let from (classes: TargetClass list) =
        Keyword.also (
            (fun draft -> { draft with Datasets = classes |> List.map _.Dataset |> List.distinct })
            >> StageDraft.found (classes |> List.collect _.Problems)
        )

    /// New classes that are learned together come from one dataset.
    let oneDataset (where: Where) (datasets: StageNode list) =
        [ if datasets.Length > 1 then
              Problem.at
                  (where "targets")
                  "the targets belong to several datasets"
                  "an adaptation reads one dataset"
                  (datasets |> List.map _.Label |> String.concat ", ")
                  "adapt to the classes of each dataset by themselves" ]

    let noBackbone (where: Where) =
        [ Problem.at
              (where "target")
              $"{backbone.Label} is not a backbone"
              "a network is adapted that pretrain or randomBackbone yields"
              (StageSpec.kind backbone.Spec)
              "give it a backbone" ]

    interface IHasRecipe<StageDraft<AdaptationOptions>> with
        member _.ChangeRecipe change draft =
            draft |> StageDraft.change (fun options -> CoreRecord.set (nameof options.Recipe) (change options.Recipe) options)

    interface IDeclaresStage<AdaptationOptions>

    /// The paper's tuning, from which the other keywords then differ.
    [<CustomOperation("paper")>]
    member _.Paper(settings: Setting<StageDraft<AdaptationOptions>> list, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "paper" line (StageDraft.change (fun _ -> AdaptationOptions.Paper variant)) |> Keyword.asBase

    /// The new class.
    [<CustomOperation("target")>]
    member _.Target(settings, target: TargetClass, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> targets "target" [ target.Name ] line |> from [ target ]

    /// The new class, by name.
    [<CustomOperation("target")>]
    member _.Target(settings, target: string, ?no: More, [<CallerLineNumber>] ?line: int) = settings |> targets "target" [ target ] line

    /// Several new classes at once.
    [<CustomOperation("targets")>]
    member _.Targets(settings, classes: TargetClass seq, ?no: More, [<CallerLineNumber>] ?line: int) =
        let classes = List.ofSeq classes
        settings |> targets "targets" (classes |> List.map _.Name) line |> from classes

    /// Several new classes at once, by name.
    [<CustomOperation("targets")>]
    member _.Targets(settings, classes: string list, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> targets "targets" classes line

    /// Start from the mean of the base classes' tokens instead of random ones.
    [<CustomOperation("start_from_base_mean")>]
    member _.StartFromBaseMean(settings, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> startFrom TokenInitialisation.MeanOfBase "start_from_base_mean" line

    /// Start from the centroids of the backbone's embedding inside the new class.
    [<CustomOperation("start_from_prototypes")>]
    member _.StartFromPrototypes(settings, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> startFrom TokenInitialisation.Prototypes "start_from_prototypes" line

    /// What the new tokens start from: TokenInitialisation.Random, MeanOfBase, or Prototypes.
    [<CustomOperation("initial_tokens")>]
    member _.InitialTokens(settings, choice: TokenInitialisation, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line (nameof names.InitialTokens) choice

    /// Whether the new classes train background tokens of their own.
    [<CustomOperation("own_background")>]
    member _.OwnBackground(settings, own: bool, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line (nameof names.OwnBackground) own

    /// Share of itself that a running mean of the tuned parameters keeps in a step; the mean is the result.
    [<CustomOperation("weight_average")>]
    member _.WeightAverage(settings, share: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line (nameof names.WeightAverage) share

    /// Whether the epoch with the best Dice on crops of the validation subjects is the result, instead of the last one.
    [<CustomOperation("best_of_validation")>]
    member _.BestOfValidation(settings, best: bool, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line (nameof names.BestOfValidation) best

    /// Whether the frozen part keeps its BatchNorm statistics.
    [<CustomOperation("freeze_statistics")>]
    member _.FreezeStatistics(settings, frozen: bool, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line (nameof names.FreezeStatistics) frozen

    /// Rank of the updates of tuneLowRank.
    [<CustomOperation("rank")>]
    member _.Rank(settings, rank: int, ?no: More, [<CallerLineNumber>] ?line: int) = settings |> put line (nameof names.Rank) rank

    /// Only k training subjects, drawn by the seed among those that have the new classes: the one of k = 1 is among the five of k = 5.
    [<CustomOperation("subjects")>]
    member _.Subjects(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) = settings |> put line (nameof names.Subjects) count

    /// Fewest and most new classes active in a sample; all of them where not given.
    [<CustomOperation("active_classes")>]
    member _.ActiveClasses(settings, range: int * int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line (nameof names.ActiveClasses) (struct (fst range, snd range))

    /// Classes of the backbone that are active beside the new ones; their prompts stay, their voxels count as background.
    [<CustomOperation("frozen_classes")>]
    member _.FrozenClasses(settings, classes: ClassGroup, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings
        |> put line (nameof names.FrozenClasses) (ResizeArray classes.Names)
        |> Keyword.also (StageDraft.found classes.Problems)

    /// Classes of the backbone that are active beside the new ones, by name.
    [<CustomOperation("frozen_classes")>]
    member _.FrozenClasses(settings, classes: string list, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line (nameof names.FrozenClasses) (ResizeArray classes)

    member _.Run
        (settings: Setting<StageDraft<AdaptationOptions>> list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int)
        : Stage<Model> =
        let start = StageDraft.start recommended
        let block = Blocks.finish keyword file line start settings

        let scans =
            block.Record.Datasets |> List.tryHead |> Option.orElseWith (fun () -> StageNode.scans backbone |> Option.map fst)

        let dataset = scans |> Option.bind StageNode.scans |> Option.map snd
        let classes = dataset |> Option.map ClassNames.ofDataset |> Option.defaultValue []

        let complete (draft: StageDraft<AdaptationOptions>) : AdaptationOptions =
            draft.Options
            |> CoreRecord.set (nameof names.Target) (ClassNames.inOrder classes draft.Options.Target)
            |> CoreRecord.set (nameof names.FrozenClasses) (ClassNames.inOrder classes draft.Options.FrozenClasses)

        let adapted options =
            StageSpec.backbone backbone.Spec
            |> Option.map (fun (network, _) -> ({ Adaptation = options; Network = network }: Adapted))

        let idle = adapted (complete block.Record) |> Option.map (Effect.idle Effect.adaptation) |> Option.defaultValue []

        let block = Blocks.withoutIdle keyword start idle block
        let options = complete block.Record

        let fit =
            match StageSpec.backbone backbone.Spec, adapted options with
            | Some(network, learned), Some adapted ->
                [ yield! Blocks.faults (options.BackboneFaults(backbone.Label, network, ResizeArray learned, ResizeArray classes)) block
                  if Seq.isEmpty (network.AdaptationFaults variant) then
                      yield! Blocks.idle Effect.adaptation adapted block ]
            | _ -> noBackbone block.Where

        [ yield! StageDraft.problems block
          yield! oneDataset block.Where block.Record.Datasets
          yield! fit
          yield! Blocks.faults (options.Faults(ResizeArray classes)) block ]
        |> StageDraft.node
            block
            (Adapt options)
            $"""{keyword}({String.concat ", " options.Target})"""
            [ for scans in Option.toList scans do
                  "scans", scans
              "backbone", backbone ]
        |> Stage<Model>
