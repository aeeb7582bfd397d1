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
            PretrainLabel: string option
            Found: Problem list
        }

/// pretrain scans { network …; supervise organs.Base; self_supervise cpa; epochs 400 }
[<Sealed>]
type PretrainBuilder internal (dataset: Dataset, file: string, line: int) =
    inherit SettingsBuilder<PretrainDraft>()

    let set keyword line change settings =
        settings |> Keyword.set keyword line (fun draft -> { draft with Pretraining = change draft.Pretraining })

    let found problems (draft: PretrainDraft) = { draft with Found = draft.Found @ problems }

    let supervised names (draft: PretrainDraft) = { draft with Supervised = true; Pretraining = { draft.Pretraining with Classes = names } }

    /// The network; the paper's where not given.
    [<CustomOperation("network")>]
    member _.Network(settings, network: NetworkDeclaration, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings
        |> Keyword.set "network" line (fun draft ->
            found network.Problems { draft with Pretraining = { draft.Pretraining with Network = network.Configuration } })

    /// Classes whose labels supervise.
    [<CustomOperation("supervise")>]
    member _.Supervise(settings, classes: ClassGroup, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "supervise" line (supervised classes.Names >> found classes.Problems)

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
        |> Keyword.set "self_supervise" line (fun draft ->
            found (loss.Problems file) { draft with Pretraining = { draft.Pretraining with Cpa = Some loss.Settings } })

    /// The supervised loss: focal { … }.
    [<CustomOperation("segmentation_loss")>]
    member _.SegmentationLoss
        (settings, loss: LossDeclaration<FocalSettings>, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int)
        =
        settings
        |> Keyword.set "segmentation_loss" line (fun draft -> found (loss.Problems file) { draft with Loss = loss.Settings })

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

    /// The stage's name in tables and on the command line.
    [<CustomOperation("label")>]
    member _.Label(settings, label: string, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "label" line (fun draft -> { draft with PretrainLabel = Some label })

    /// Epochs.
    [<CustomOperation("epochs")>]
    member _.Epochs(settings, count: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "epochs" line (fun pretraining -> { pretraining with Epochs = count })

    /// Crops of an epoch, drawn with replacement.
    [<CustomOperation("crops_per_epoch")>]
    member _.CropsPerEpoch(settings, count: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "crops_per_epoch" line (fun pretraining -> { pretraining with CropsPerEpoch = count })

    /// Crops of a step.
    [<CustomOperation("batch_size")>]
    member _.BatchSize(settings, crops: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "batch_size" line (fun pretraining -> { pretraining with BatchSize = crops })

    /// Crops taken from one volume in a batch.
    [<CustomOperation("crops_per_volume")>]
    member _.CropsPerVolume(settings, count: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "crops_per_volume" line (fun pretraining -> { pretraining with CropsPerVolume = count })

    /// Share of the crops that are centred on a voxel of an active class.
    [<CustomOperation("foreground_fraction")>]
    member _.ForegroundFraction(settings, share: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "foreground_fraction" line (fun pretraining -> { pretraining with ForegroundFraction = share })

    /// Learning rate of body, adapters and output layer.
    [<CustomOperation("body_rate")>]
    member _.BodyRate(settings, rate: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "body_rate" line (fun pretraining -> { pretraining with BodyRate = rate })

    /// Learning rate of prompts and their bias scores.
    [<CustomOperation("prompt_rate")>]
    member _.PromptRate(settings, rate: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "prompt_rate" line (fun pretraining -> { pretraining with PromptRate = rate })

    /// Weight decay.
    [<CustomOperation("weight_decay")>]
    member _.WeightDecay(settings, decay: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "weight_decay" line (fun pretraining -> { pretraining with WeightDecay = decay })

    /// Probability of every random augmentation, relative to the paper's; 0: none.
    [<CustomOperation("augmentation_strength")>]
    member _.AugmentationStrength(settings, factor: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "augmentation_strength" line (fun pretraining -> { pretraining with AugmentationStrength = factor })

    /// Seed of everything random in the stage.
    [<CustomOperation("seed")>]
    member _.Seed(settings, seed: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "seed" line (fun pretraining -> { pretraining with Seed = seed })

    member _.Run(settings: Setting<PretrainDraft> list) : Stage<Backbone> =
        let position = SourcePosition.atLine file line
        let positions = Setting.positions file settings

        let draft =
            Setting.apply
                { Pretraining = PretrainingSettings.defaults
                  Supervised = false
                  Loss = FocalSettings.defaults
                  PretrainLabel = None
                  Found = [] }
                settings

        let pretraining =
            { draft.Pretraining with
                Focal = if draft.Supervised then Some draft.Loss else None
                Classes = PreparationSettings.inOrder dataset.Settings draft.Pretraining.Classes }

        let checks = TrainingChecks.pretraining (where positions position) dataset.Classes pretraining

        Stage<Backbone>
            { Spec = Pretrain pretraining
              Label = draft.PretrainLabel |> Option.defaultValue "pretrain"
              LabelGiven = draft.PretrainLabel.IsSome
              Inputs = [ "scans", StageInput.Stage dataset.Stage.Node ]
              Position = position
              Settings = positions
              Problems = Setting.repeated file settings @ draft.Found @ checks }
