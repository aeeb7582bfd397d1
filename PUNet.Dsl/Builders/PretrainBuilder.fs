namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Core.Models
open PUNet.Dsl.Rules

/// A pre-training while its settings are collected.
type PretrainDraft =
    internal
        {
            Pretraining: PretrainingSettings
            /// Whether labels supervise.
            Supervised: bool
            Loss: FocalSettings
        }

module internal PretrainDraft =
    let start = { Pretraining = PretrainingSettings.defaults; Supervised = false; Loss = FocalSettings.defaults }

    let change alter (draft: PretrainDraft) = { draft with Pretraining = alter draft.Pretraining }

/// pretrain scans { network …; supervise organs.Base; self_supervise cpa; epochs 400 }
[<Sealed>]
type PretrainBuilder internal (dataset: Dataset, file: string, line: int) =
    inherit
        TrainingBuilder<PretrainDraft>(fun alter ->
            PretrainDraft.change (fun pretraining -> { pretraining with Training = alter pretraining.Training }))

    let set keyword line alter settings = settings |> Keyword.set keyword line (StageDraft.change (PretrainDraft.change alter))

    let supervised names =
        StageDraft.change (fun draft -> { draft with Supervised = true; Pretraining = { draft.Pretraining with Classes = names } })

    /// The network; the paper's where not given.
    [<CustomOperation("network")>]
    member _.Network(settings, network: NetworkDeclaration, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings
        |> set "network" line (fun pretraining -> { pretraining with Network = network.Configuration })
        |> Keyword.also (StageDraft.found network.Problems)

    /// Classes whose labels supervise.
    [<CustomOperation("supervise")>]
    member _.Supervise(settings, classes: ClassGroup, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "supervise" line (supervised classes.Names >> StageDraft.found classes.Problems)

    /// Classes whose labels supervise, by name.
    [<CustomOperation("supervise")>]
    member _.Supervise(settings, names: string list, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "supervise" line (supervised names)

    /// The self-supervised loss with the paper's settings.
    [<CustomOperation("self_supervise")>]
    member _.SelfSupervise(settings, _: CpaBuilder, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "self_supervise" line (fun pretraining -> { pretraining with Cpa = Some CpaSettings.defaults })

    /// The self-supervised loss.
    [<CustomOperation("self_supervise")>]
    member _.SelfSupervise
        (settings, loss: LossDeclaration<CpaSettings>, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int)
        =
        settings
        |> set "self_supervise" line (fun pretraining -> { pretraining with Cpa = Some loss.Settings })
        |> Keyword.also (StageDraft.found (loss.Problems file))

    /// The supervised loss: focal { … }.
    [<CustomOperation("segmentation_loss")>]
    member _.SegmentationLoss
        (settings, loss: LossDeclaration<FocalSettings>, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int)
        =
        settings
        |> Keyword.set "segmentation_loss" line (StageDraft.change (fun draft -> { draft with Loss = loss.Settings }))
        |> Keyword.also (StageDraft.found (loss.Problems file))

    /// Whether the attention blocks see the active classes' prompts.
    [<CustomOperation("prompts_in_blocks")>]
    member _.PromptsInBlocks(settings, present: bool, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "prompts_in_blocks" line (fun pretraining -> { pretraining with PromptsInBlocks = present })

    /// Fewest and most foreground classes active in a sample.
    [<CustomOperation("active_classes")>]
    member _.ActiveClasses(settings, range: int * int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "active_classes" line (fun pretraining -> { pretraining with ActiveClasses = range })

    /// τ of the teacher's exponential moving average.
    [<CustomOperation("momentum")>]
    member _.Momentum(settings, share: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "momentum" line (fun pretraining -> { pretraining with Momentum = share })

    member _.Run(settings: Setting<StageDraft<PretrainDraft>> list) : Stage<Backbone> =
        let position = SourcePosition.atLine file line
        let positions = Setting.positions file settings
        let draft = Setting.apply (StageDraft.start PretrainDraft.start) settings

        let pretraining =
            { draft.Settings.Pretraining with
                Focal = if draft.Settings.Supervised then Some draft.Settings.Loss else None
                Classes = PreparationSettings.inOrder dataset.Settings draft.Settings.Pretraining.Classes }

        let checks = TrainingChecks.pretraining positions (where positions position) dataset.Classes pretraining

        Stage<Backbone>
            { Spec = Pretrain pretraining
              Label = draft.StageLabel |> Option.defaultValue "pretrain"
              LabelGiven = draft.StageLabel.IsSome
              Inputs = [ "scans", StageInput.Stage dataset.Stage.Node ]
              Position = position
              Settings = positions
              Problems = Setting.repeated file settings @ draft.Found @ checks }
