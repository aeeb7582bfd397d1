namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Core.Models
open PUNet.Dsl.Rules

/// An adaptation while its settings are collected.
type AdaptDraft =
    internal
        {
            Adaptation: AdaptationSettings
            /// The dataset of the target classes, where it is not the backbone's.
            TargetDataset: StageNode option
            AdaptLabel: string option
            AdaptFound: Problem list
        }

/// promptTune backbone { target organ; epochs 100 }, and the same for the other variants.
[<Sealed>]
type AdaptBuilder internal (variant: AdaptationVariant, backbone: StageNode, file: string, line: int) =
    inherit SettingsBuilder<AdaptDraft>()

    let set keyword line change settings =
        settings |> Keyword.set keyword line (fun draft -> { draft with Adaptation = change draft.Adaptation })

    let targets names (draft: AdaptDraft) = { draft with Adaptation = { draft.Adaptation with Targets = names } }

    let from (classes: TargetClass list) (draft: AdaptDraft) : AdaptDraft =
        { draft with
            TargetDataset = classes |> List.tryHead |> Option.map (fun (target: TargetClass) -> target.Dataset)
            AdaptFound = draft.AdaptFound @ List.collect (fun (target: TargetClass) -> target.Problems) classes }

    /// The new class.
    [<CustomOperation("target")>]
    member _.Target(settings, target: TargetClass, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "target" line (targets [ target.Name ] >> from [ target ])

    /// The new class, by name.
    [<CustomOperation("target")>]
    member _.Target(settings, target: string, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "target" line (targets [ target ])

    /// Several new classes at once.
    [<CustomOperation("targets")>]
    member _.Targets(settings, classes: TargetClass seq, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        let classes = List.ofSeq classes
        settings |> Keyword.set "target" line (targets (classes |> List.map _.Name) >> from classes)

    /// Several new classes at once, by name.
    [<CustomOperation("targets")>]
    member _.Targets(settings, names: string list, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "target" line (targets names)

    /// Start from the mean of the base classes' tokens instead of random ones.
    [<CustomOperation("start_from_base_mean")>]
    member _.StartFromBaseMean(settings, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings
        |> set "start_from_base_mean" line (fun adaptation -> { adaptation with Initialisation = TokenInitialisation.MeanOfBase })

    /// Whether the frozen part keeps its BatchNorm statistics.
    [<CustomOperation("freeze_statistics")>]
    member _.FreezeStatistics(settings, frozen: bool, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "freeze_statistics" line (fun adaptation -> { adaptation with FreezeStatistics = frozen })

    /// Only the first n training subjects of the split's order.
    [<CustomOperation("subjects")>]
    member _.Subjects(settings, count: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "subjects" line (fun adaptation -> { adaptation with Subjects = Some count })

    /// The loss: focal { … }.
    [<CustomOperation("segmentation_loss")>]
    member _.SegmentationLoss
        (settings, loss: LossDeclaration<FocalSettings>, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int)
        =
        settings
        |> Keyword.set "segmentation_loss" line (fun draft ->
            { draft with
                Adaptation = { draft.Adaptation with Focal = loss.Settings }
                AdaptFound = draft.AdaptFound @ loss.Problems file })

    /// Peak learning rate of all that is trained.
    [<CustomOperation("rate")>]
    member _.Rate(settings, rate: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "rate" line (fun adaptation -> { adaptation with BodyRate = rate; PromptRate = rate })

    /// The stage's name in tables and on the command line.
    [<CustomOperation("label")>]
    member _.Label(settings, label: string, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "label" line (fun draft -> { draft with AdaptLabel = Some label })

    /// Epochs.
    [<CustomOperation("epochs")>]
    member _.Epochs(settings, count: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "epochs" line (fun adaptation -> { adaptation with Epochs = count })

    /// Crops of an epoch, drawn with replacement.
    [<CustomOperation("crops_per_epoch")>]
    member _.CropsPerEpoch(settings, count: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "crops_per_epoch" line (fun adaptation -> { adaptation with CropsPerEpoch = count })

    /// Crops of a step.
    [<CustomOperation("batch_size")>]
    member _.BatchSize(settings, crops: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "batch_size" line (fun adaptation -> { adaptation with BatchSize = crops })

    /// Crops taken from one volume in a batch.
    [<CustomOperation("crops_per_volume")>]
    member _.CropsPerVolume(settings, count: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "crops_per_volume" line (fun adaptation -> { adaptation with CropsPerVolume = count })

    /// Share of the crops that are centred on a voxel of an active class.
    [<CustomOperation("foreground_fraction")>]
    member _.ForegroundFraction(settings, share: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "foreground_fraction" line (fun adaptation -> { adaptation with ForegroundFraction = share })

    /// Learning rate of body, adapters and output layer.
    [<CustomOperation("body_rate")>]
    member _.BodyRate(settings, rate: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "body_rate" line (fun adaptation -> { adaptation with BodyRate = rate })

    /// Learning rate of prompts and their bias scores.
    [<CustomOperation("prompt_rate")>]
    member _.PromptRate(settings, rate: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "prompt_rate" line (fun adaptation -> { adaptation with PromptRate = rate })

    /// Weight decay.
    [<CustomOperation("weight_decay")>]
    member _.WeightDecay(settings, decay: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "weight_decay" line (fun adaptation -> { adaptation with WeightDecay = decay })

    /// Probability of every random augmentation, relative to the paper's; 0: none.
    [<CustomOperation("augmentation_strength")>]
    member _.AugmentationStrength(settings, factor: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "augmentation_strength" line (fun adaptation -> { adaptation with AugmentationStrength = factor })

    /// Seed of everything random in the stage.
    [<CustomOperation("seed")>]
    member _.Seed(settings, seed: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "seed" line (fun adaptation -> { adaptation with Seed = seed })

    member _.Run(settings: Setting<AdaptDraft> list) : Stage<Model> =
        let position = SourcePosition.atLine file line
        let positions = Setting.positions file settings

        let draft =
            Setting.apply
                { Adaptation = AdaptationSettings.defaults variant
                  TargetDataset = None
                  AdaptLabel = None
                  AdaptFound = [] }
                settings

        let scans = draft.TargetDataset |> Option.orElseWith (fun () -> StageNode.scans backbone |> Option.map fst)
        let preparation = scans |> Option.bind StageNode.scans |> Option.map snd
        let classes = preparation |> Option.map PreparationSettings.classNames |> Option.defaultValue []
        let inOrder = preparation |> Option.map PreparationSettings.inOrder |> Option.defaultValue id
        let adaptation = { draft.Adaptation with Targets = inOrder draft.Adaptation.Targets }
        let checks = TrainingChecks.adaptation (where positions position) backbone classes adaptation
        let names = String.concat ", " adaptation.Targets

        Stage<Model>
            { Spec = Adapt adaptation
              Label = draft.AdaptLabel |> Option.defaultValue $"{AdaptationSettings.keyword variant}({names})"
              LabelGiven = draft.AdaptLabel.IsSome
              Inputs =
                [ for scans in Option.toList scans do
                      "scans", StageInput.Stage scans
                  "backbone", StageInput.Stage backbone ]
              Position = position
              Settings = positions
              Problems = Setting.repeated file settings @ draft.AdaptFound @ checks }
