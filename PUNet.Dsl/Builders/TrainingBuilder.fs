namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Core.Common

/// A stage while its settings are collected.
type StageDraft<'Settings> =
    internal
        {
            Settings: 'Settings
            StageLabel: string option
            /// Faults of what the settings were given.
            Found: Problem list
        }

module internal StageDraft =
    let start settings = { Settings = settings; StageLabel = None; Found = [] }

    let found problems draft = { draft with Found = draft.Found @ problems }

    let change alter (draft: StageDraft<'Settings>) = { draft with Settings = alter draft.Settings }

/// The keywords that every training has.
[<AbstractClass>]
type TrainingBuilder<'Settings> internal (training: (TrainingSettings -> TrainingSettings) -> 'Settings -> 'Settings) =
    inherit SettingsBuilder<StageDraft<'Settings>>()

    let set keyword line change settings = settings |> Keyword.set keyword line (StageDraft.change (training change))

    /// The stage's name in tables and on the command line.
    [<CustomOperation("label")>]
    member _.Label
        (settings: Setting<StageDraft<'Settings>> list, label: string, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int)
        =
        settings |> Keyword.set "label" line (fun draft -> { draft with StageLabel = Some label })

    /// Epochs.
    [<CustomOperation("epochs")>]
    member _.Epochs(settings, count: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "epochs" line (fun training -> { training with Epochs = count })

    /// Crops of an epoch, drawn with replacement.
    [<CustomOperation("crops_per_epoch")>]
    member _.CropsPerEpoch(settings, count: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "crops_per_epoch" line (fun training -> { training with CropsPerEpoch = count })

    /// Crops of a step.
    [<CustomOperation("batch_size")>]
    member _.BatchSize(settings, crops: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "batch_size" line (fun training -> { training with BatchSize = crops })

    /// Crops taken from one volume in a batch.
    [<CustomOperation("crops_per_volume")>]
    member _.CropsPerVolume(settings, count: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "crops_per_volume" line (fun training -> { training with CropsPerVolume = count })

    /// Share of the crops that are centred on a voxel of an active class.
    [<CustomOperation("foreground_fraction")>]
    member _.ForegroundFraction(settings, share: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "foreground_fraction" line (fun training -> { training with ForegroundFraction = share })

    /// Learning rate of body, bottlenecks and output layer; the highest one of a schedule.
    [<CustomOperation("body_rate")>]
    member _.BodyRate(settings, rate: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "body_rate" line (fun training -> { training with BodyRate = rate })

    /// Learning rate of prompts and their bias scores; the highest one of a schedule.
    [<CustomOperation("prompt_rate")>]
    member _.PromptRate(settings, rate: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "prompt_rate" line (fun training -> { training with PromptRate = rate })

    /// Learning rate of all that is trained.
    [<CustomOperation("rate")>]
    member _.Rate(settings, rate: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "rate" line (fun training -> { training with BodyRate = rate; PromptRate = rate })

    /// Weight decay.
    [<CustomOperation("weight_decay")>]
    member _.WeightDecay(settings, decay: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "weight_decay" line (fun training -> { training with WeightDecay = decay })

    /// Gradient values are clipped to ± this.
    [<CustomOperation("gradient_clip")>]
    member _.GradientClip(settings, limit: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "gradient_clip" line (fun training -> { training with GradientClip = limit })

    /// Probability of every random augmentation, relative to the paper's; 0: none.
    [<CustomOperation("augmentation_strength")>]
    member _.AugmentationStrength(settings, factor: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "augmentation_strength" line (fun training -> { training with AugmentationStrength = factor })

    /// In which numbers the network multiplies: ComputePrecision.Single, Bfloat16, or Float16 (GPU only).
    [<CustomOperation("precision")>]
    member _.Precision(settings, precision: ComputePrecision, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "precision" line (fun training -> { training with Precision = precision })

    /// Seed of everything random in the stage.
    [<CustomOperation("seed")>]
    member _.Seed(settings, seed: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "seed" line (fun training -> { training with Seed = seed })
