namespace PUNet.Dsl

open System.Runtime.CompilerServices
open PUNet.Core.Losses
open PUNet.Core.Training.Options

/// pretrain scans { network …; supervise organs.Base; self_supervise cpa; epochs 400 }
[<Sealed>]
type PretrainBuilder internal (dataset: Dataset) =
    inherit SettingsBuilder<StageDraft<PretrainingOptions>>()

    let names = PretrainingOptions()
    let put line property value settings = settings |> StageDraft.put line property value

    let assign (change: ContrastivePrototypeAssignmentOptions -> ContrastivePrototypeAssignmentOptions) =
        StageDraft.change (fun (options: PretrainingOptions) ->
            let former = options.SelfSupervise |> Option.ofObj |> Option.defaultWith ContrastivePrototypeAssignmentOptions
            options |> CoreRecord.set (nameof names.SelfSupervise) (change former))

    let supervised (classes: string list) line settings = settings |> put line (nameof names.Supervise) (ResizeArray classes)

    interface IHasRecipe<StageDraft<PretrainingOptions>> with
        member _.ChangeRecipe change draft =
            draft |> StageDraft.change (fun options -> CoreRecord.set (nameof options.Recipe) (change options.Recipe) options)

    interface IDeclaresStage<PretrainingOptions>
    interface IHasNetwork<PretrainingOptions>

    /// The paper's network and training, from which the other keywords then differ.
    [<CustomOperation("paper")>]
    member _.Paper(settings: Setting<StageDraft<PretrainingOptions>> list, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "paper" line (StageDraft.change (fun _ -> PretrainingOptions.Paper)) |> Keyword.asBase

    /// Classes whose labels supervise.
    [<CustomOperation("supervise")>]
    member _.Supervise(settings, classes: ClassGroup, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> supervised classes.Names line |> Keyword.also (StageDraft.found classes.Problems)

    /// The class whose labels supervise.
    [<CustomOperation("supervise")>]
    member _.Supervise(settings, target: TargetClass, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> supervised [ target.Name ] line |> Keyword.also (StageDraft.found target.Problems)

    /// Classes whose labels supervise, by name.
    [<CustomOperation("supervise")>]
    member _.Supervise(settings, classes: string list, ?no: More, [<CallerLineNumber>] ?line: int) = settings |> supervised classes line

    /// The class whose labels supervise, by name.
    [<CustomOperation("supervise")>]
    member _.Supervise(settings, name: string, ?no: More, [<CallerLineNumber>] ?line: int) = settings |> supervised [ name ] line

    /// The self-supervised loss with the paper's settings.
    [<CustomOperation("self_supervise")>]
    member _.SelfSupervise(settings, _: CpaBuilder, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "self_supervise" line (assign id)

    /// The self-supervised loss.
    [<CustomOperation("self_supervise")>]
    member _.SelfSupervise(settings, loss: PrototypeAssignment, ?no: More, [<CallerLineNumber>] ?line: int) =
        (settings |> Keyword.set "self_supervise" line (assign id))
        @ (Setting.lift assign loss.Settings |> Keyword.within "self_supervise")

    /// Whether the attention blocks see the active classes' prompts.
    [<CustomOperation("prompts_in_blocks")>]
    member _.PromptsInBlocks(settings, present: bool, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line (nameof names.PromptsInBlocks) present

    /// Fewest and most foreground classes active in a sample.
    [<CustomOperation("active_classes")>]
    member _.ActiveClasses(settings, range: int * int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line (nameof names.ActiveClasses) (struct (fst range, snd range))

    /// τ of the teacher's exponential moving average.
    [<CustomOperation("momentum")>]
    member _.Momentum(settings, share: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line (nameof names.Momentum) share

    member _.Run
        (settings: Setting<StageDraft<PretrainingOptions>> list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int)
        : Stage<Backbone> =
        let classes = dataset.Classes
        let start = StageDraft.start PretrainingOptions.Recommended

        let complete (draft: StageDraft<PretrainingOptions>) : PretrainingOptions =
            draft.Options
            |> CoreRecord.set (nameof names.Network) (StageDraft.network draft.Options.Network classes draft)
            |> CoreRecord.set (nameof names.Supervise) (ClassNames.inOrder classes draft.Options.Supervise)

        let block = Blocks.finish "pretrain" file line start settings
        let idle = Effect.idle Effect.pretraining (complete block.Record)
        let block = Blocks.withoutIdle "pretrain" start idle block
        let options = complete block.Record

        let isEmptyList = block.States "supervise" && options.Supervise.Count = 0

        [ yield! StageDraft.problems block
          if isEmptyList && block.Record.Found.IsEmpty then
              Problem.at
                  (block.Where "supervise")
                  "no class supervises"
                  "supervise names at least one base class"
                  "none"
                  "give base classes to supervise"
          else
              yield! Blocks.idle Effect.pretraining options block
          yield!
              Blocks.faults
                  (options.Faults(ResizeArray classes)
                   |> Seq.filter (fun fault -> not isEmptyList || Seq.tryHead fault.Settings <> Some "pretrain"))
                  block ]
        |> StageDraft.node block (Pretrain options) "pretrain" [ "scans", dataset.Stage.Node ]
        |> Stage<Backbone>

/// randomBackbone scans { network …; seed 1 }: a backbone that was never trained.
[<Sealed>]
type RandomBackboneBuilder internal (dataset: Dataset) =
    inherit SettingsBuilder<StageDraft<UntrainedOptions>>()

    let names = UntrainedOptions()

    interface IDeclaresStage<UntrainedOptions>
    interface IHasNetwork<UntrainedOptions>

    /// Seed of the initialisation.
    [<CustomOperation("seed")>]
    member _.Seed(settings, seed: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> StageDraft.put line (nameof names.Seed) (int64 seed)

    member _.Run
        (settings: Setting<StageDraft<UntrainedOptions>> list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int)
        : Stage<Backbone> =
        let block = Blocks.finish "randomBackbone" file line (StageDraft.start names) settings

        let options =
            let own = PretrainingOptions.Recommended.Network
            block.Record.Options |> CoreRecord.set (nameof names.Network) (StageDraft.network own dataset.Classes block.Record)

        StageDraft.problems block @ Blocks.faults (options.Faults(ResizeArray dataset.Classes)) block
        |> StageDraft.node block (RandomBackbone options) "randomBackbone" [ "scans", dataset.Stage.Node ]
        |> Stage<Backbone>
