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
            Loss: LossDeclaration<FocalSettings>
            Assignment: LossDeclaration<CpaSettings> option
        }

module internal PretrainDraft =
    let start =
        { Pretraining = PretrainingSettings.defaults
          Supervised = false
          Loss = LossDeclaration.plain FocalSettings.defaults
          Assignment = None }

    let change alter (draft: PretrainDraft) = { draft with Pretraining = alter draft.Pretraining }

/// pretrain scans { network …; supervise organs.Base; self_supervise cpa; epochs 400 }
[<Sealed>]
type PretrainBuilder internal (dataset: Dataset, file: string, line: int) =
    inherit
        TrainingBuilder<PretrainDraft>(fun alter ->
            PretrainDraft.change (fun pretraining -> { pretraining with Training = alter pretraining.Training }))

    let set keyword line alter settings = settings |> Keyword.set keyword line (StageDraft.change (PretrainDraft.change alter))

    let agreeing loss = StageDraft.change (fun draft -> { draft with Assignment = Some loss })

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
        settings |> Keyword.set "self_supervise" line (agreeing (LossDeclaration.plain CpaSettings.defaults))

    /// The self-supervised loss.
    [<CustomOperation("self_supervise")>]
    member _.SelfSupervise
        (settings, loss: LossDeclaration<CpaSettings>, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int)
        =
        settings |> Keyword.set "self_supervise" line (agreeing loss)

    /// The supervised loss: focal { … }.
    [<CustomOperation("segmentation_loss")>]
    member _.SegmentationLoss
        (settings, loss: LossDeclaration<FocalSettings>, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int)
        =
        settings |> Keyword.set "segmentation_loss" line (StageDraft.change (fun draft -> { draft with Loss = loss }))

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

        let loss, assignment = draft.Settings.Loss, draft.Settings.Assignment

        let pretraining =
            { draft.Settings.Pretraining with
                Focal = if draft.Settings.Supervised then Some loss.Settings else None
                Cpa = assignment |> Option.map _.Settings
                Classes = PreparationSettings.inOrder dataset.Settings draft.Settings.Pretraining.Classes }

        let where = where positions "pretrain" position

        let checks =
            [ yield! loss.Problems
              yield! TrainingChecks.classWeights loss.Where dataset.Classes loss.Settings
              for assignment in Option.toList assignment do
                  yield! assignment.Problems
                  yield! Effect.problems assignment.Given assignment.Where Effect.assignment pretraining
              yield! draft.StageLabel |> Option.map (named (where "label") "the stage") |> Option.defaultValue []
              yield! TrainingChecks.pretraining positions where dataset.Classes pretraining ]

        Stage<Backbone>
            { Spec = Pretrain pretraining
              Label = draft.StageLabel |> Option.defaultValue "pretrain"
              LabelGiven = draft.StageLabel.IsSome
              Inputs = [ "scans", StageInput.Stage dataset.Stage.Node ]
              Position = position
              Settings = positions
              Problems = Setting.repeated file settings @ draft.Found @ checks }
