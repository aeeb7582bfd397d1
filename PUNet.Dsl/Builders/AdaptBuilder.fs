namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Dsl.Rules

/// An adaptation while its settings are collected.
type AdaptDraft =
    internal
        {
            Adaptation: AdaptationSettings
            Loss: LossDeclaration<FocalSettings>
            /// The datasets of the target classes; none where they are given by name and so are the backbone's.
            TargetDatasets: StageNode list
        }

module internal AdaptDraft =
    let change alter (draft: AdaptDraft) = { draft with Adaptation = alter draft.Adaptation }

/// promptTune backbone { target organ; epochs 100 }, and the same for the other variants.
[<Sealed>]
type AdaptBuilder internal (variant: AdaptationVariant, backbone: StageNode, file: string, line: int) =
    inherit
        TrainingBuilder<AdaptDraft>(fun alter ->
            AdaptDraft.change (fun adaptation -> { adaptation with Training = alter adaptation.Training }))

    let set keyword line alter settings = settings |> Keyword.set keyword line (StageDraft.change (AdaptDraft.change alter))

    let targets names (adaptation: AdaptationSettings) = { adaptation with Targets = names }

    let from (classes: TargetClass list) =
        StageDraft.change (fun (draft: AdaptDraft) -> { draft with TargetDatasets = classes |> List.map _.Dataset |> List.distinct })
        >> StageDraft.found (classes |> List.collect _.Problems)

    /// The new class.
    [<CustomOperation("target")>]
    member _.Target(settings, target: TargetClass, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "target" line (targets [ target.Name ]) |> Keyword.also (from [ target ])

    /// The new class, by name.
    [<CustomOperation("target")>]
    member _.Target(settings, target: string, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "target" line (targets [ target ])

    /// Several new classes at once.
    [<CustomOperation("targets")>]
    member _.Targets(settings, classes: TargetClass seq, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        let classes = List.ofSeq classes
        settings |> set "targets" line (targets (classes |> List.map _.Name)) |> Keyword.also (from classes)

    /// Several new classes at once, by name.
    [<CustomOperation("targets")>]
    member _.Targets(settings, names: string list, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "targets" line (targets names)

    /// Start from the mean of the base classes' tokens instead of random ones.
    [<CustomOperation("start_from_base_mean")>]
    member _.StartFromBaseMean(settings, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings
        |> set "start_from_base_mean" line (fun adaptation -> { adaptation with Initialisation = TokenInitialisation.MeanOfBase })

    /// What the new tokens start from: TokenInitialisation.Random or MeanOfBase.
    [<CustomOperation("initial_tokens")>]
    member _.InitialTokens(settings, choice: TokenInitialisation, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "initial_tokens" line (fun adaptation -> { adaptation with Initialisation = choice })

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
        |> Keyword.set "segmentation_loss" line (StageDraft.change (fun draft -> { draft with AdaptDraft.Loss = loss }))

    /// Fewest and most new classes active in a sample; all of them where not given.
    [<CustomOperation("active_classes")>]
    member _.ActiveClasses(settings, range: int * int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "active_classes" line (fun adaptation -> { adaptation with ActiveClasses = Some range })

    /// Classes of the backbone that are active beside the new ones; their prompts stay, their voxels count as background.
    [<CustomOperation("frozen_classes")>]
    member _.FrozenClasses(settings, classes: ClassGroup, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings
        |> set "frozen_classes" line (fun adaptation -> { adaptation with FrozenClasses = classes.Names })
        |> Keyword.also (StageDraft.found classes.Problems)

    /// Classes of the backbone that are active beside the new ones, by name.
    [<CustomOperation("frozen_classes")>]
    member _.FrozenClasses(settings, names: string list, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "frozen_classes" line (fun adaptation -> { adaptation with FrozenClasses = names })

    member _.Run(settings: Setting<StageDraft<AdaptDraft>> list) : Stage<Model> =
        let position = SourcePosition.atLine file line
        let positions = Setting.positions file settings

        let draft =
            Setting.apply
                (StageDraft.start
                    { Adaptation = AdaptationSettings.defaults variant
                      Loss = LossDeclaration.plain FocalSettings.defaults
                      TargetDatasets = [] })
                settings

        let given, loss = draft.Settings.Adaptation, draft.Settings.Loss
        let datasets = draft.Settings.TargetDatasets
        let scans = List.tryHead datasets |> Option.orElseWith (fun () -> StageNode.scans backbone |> Option.map fst)
        let preparation = scans |> Option.bind StageNode.scans |> Option.map snd
        let classes = preparation |> Option.map PreparationSettings.classNames |> Option.defaultValue []
        let inOrder = preparation |> Option.map PreparationSettings.inOrder |> Option.defaultValue id

        let adaptation =
            { given with
                Targets = inOrder given.Targets
                FrozenClasses = inOrder given.FrozenClasses
                Focal = loss.Settings }

        let where = where positions (AdaptationSettings.keyword variant) position

        let checks =
            [ yield! loss.Problems
              yield! TrainingChecks.classWeights loss.Where classes loss.Settings
              yield! draft.StageLabel |> Option.map (named (where "label") "the stage") |> Option.defaultValue []
              yield! AdaptationChecks.oneDataset where datasets
              yield! AdaptationChecks.problems positions where backbone classes adaptation ]

        let names = String.concat ", " adaptation.Targets

        Stage<Model>
            { Spec = Adapt adaptation
              Label = draft.StageLabel |> Option.defaultValue $"{AdaptationSettings.keyword variant}({names})"
              LabelGiven = draft.StageLabel.IsSome
              Inputs =
                [ for scans in Option.toList scans do
                      "scans", StageInput.Stage scans
                  "backbone", StageInput.Stage backbone ]
              Position = position
              Settings = positions
              Problems = Setting.repeated file settings @ draft.Found @ checks }
