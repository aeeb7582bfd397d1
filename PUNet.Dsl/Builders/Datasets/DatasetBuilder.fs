namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Dsl.Rules

/// A dataset while its settings are collected.
type DatasetDraft =
    internal
        { Source: (PreparationSettings -> StageInput) option
          Preparation: PreparationSettings
          SplitProblems: Problem list }

/// dataset "name" { source …; spacing (…); classes [ … ]; split { … } }
[<Sealed>]
type DatasetBuilder internal (name: string, file: string, line: int) =
    inherit SettingsBuilder<DatasetDraft>()

    let prepared change (draft: DatasetDraft) = { draft with Preparation = change draft.Preparation }

    /// A source comes with its classes and preparation, wherever it stands among the keywords, which change them.
    let from (input: PreparationSettings -> StageInput) layout line settings =
        settings
        |> Keyword.setFirst file "source" line (fun draft ->
            { draft with Source = Some input; Preparation = PreparationSettings.ofLayout layout })

    let setting keyword line change settings = Keyword.set keyword line (prepared change) settings

    /// split { … } stands among the keywords.
    member _.Yield(split: SplitDeclaration) : Setting<DatasetDraft> list =
        let change (draft: DatasetDraft) =
            { draft with
                Preparation = { draft.Preparation with Split = split.Rule; GroupBy = split.GroupBy }
                SplitProblems = draft.SplitProblems @ split.Problems }

        [ { Setting.make "split" split.Position.Line change with File = split.Position.File } ]

    member _.Combine(settings: Setting<DatasetDraft> list, rest: Setting<DatasetDraft> list) = settings @ rest
    member _.Delay(rest: unit -> Setting<DatasetDraft> list) = rest ()

    /// Where the scans come from: files of the user.
    [<CustomOperation("source")>]
    member _.Source(settings, source: ScanSource, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> from (fun settings -> StageInput.Files(source.Path, PreparationSettings.onDisk settings)) source.Layout line

    /// Where the scans come from: generated phantoms.
    [<CustomOperation("source")>]
    member _.Source(settings, source: Stage<Volumes>, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> from (fun _ -> StageInput.Stage source.Node) ScanLayout.Phantoms line

    /// Target voxel size in mm along H, W, D.
    [<CustomOperation("spacing")>]
    member _.Spacing(settings, mm: float * float * float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> setting "spacing" line (fun preparation -> { preparation with Spacing = Some mm })

    /// In-plane size in voxels to crop or pad to, centred.
    [<CustomOperation("in_plane_extent")>]
    member _.InPlaneExtent(settings, voxels: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> setting "in_plane_extent" line (fun preparation -> { preparation with InPlaneExtent = Some voxels })

    /// Crop to the body with a margin in mm.
    [<CustomOperation("body_crop")>]
    member _.BodyCrop(settings, marginMm: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> setting "body_crop" line (fun preparation -> { preparation with BodyCrop = Some marginMm })

    /// Clip to (low, high) HU and map to [−1, 1].
    [<CustomOperation("intensity_window")>]
    member _.IntensityWindow(settings, window: float * float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings
        |> setting "intensity_window" line (fun preparation -> { preparation with Intensity = IntensityRule.Window window })

    /// Map each volume's own range to [−1, 1]; for data that is not in HU.
    [<CustomOperation("normalise_per_volume")>]
    member _.NormalisePerVolume(settings, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings
        |> setting "normalise_per_volume" line (fun preparation -> { preparation with Intensity = IntensityRule.PerVolume })

    /// Label values and class names; labels of one name are merged, other labels are background.
    [<CustomOperation("classes")>]
    member _.Classes(settings, classes: (int * string) list, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> setting "classes" line (fun preparation -> { preparation with Classes = List.sortBy fst classes })

    /// Leave out subjects without a voxel of one of these classes.
    [<CustomOperation("required_classes")>]
    member _.RequiredClasses(settings, classes: string list, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> setting "required_classes" line (fun preparation -> { preparation with RequiredClasses = classes })

    /// Keep subjects without any foreground voxel.
    [<CustomOperation("keep_empty")>]
    member _.KeepEmpty(settings, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> setting "keep_empty" line (fun preparation -> { preparation with KeepEmpty = true })

    /// Split by the data's own folders train, validation and test.
    [<CustomOperation("given_split")>]
    member _.GivenSplit(settings, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> setting "given_split" line (fun preparation -> { preparation with Split = SplitRule.Given })

    member _.Run(settings: Setting<DatasetDraft> list) : Dataset =
        let position = SourcePosition.atLine file line

        let draft =
            Setting.apply
                { Source = None
                  Preparation = PreparationSettings.ofLayout (ScanLayout.Pairs("", ""))
                  SplitProblems = [] }
                settings

        let positions = Setting.positions file settings
        let where = where positions "dataset" position

        let problems =
            [ yield! named (where "dataset") "the dataset" name
              yield! Setting.repeated file settings
              yield! DatasetChecks.problems positions where draft.Source.IsSome draft.Preparation
              yield! draft.SplitProblems ]

        { Name = name
          Settings = draft.Preparation
          Stage =
            Stage<Scans>
                { Spec = Prepare draft.Preparation
                  Label = $"prepare({name})"
                  LabelGiven = false
                  Inputs = draft.Source |> Option.map (fun source -> "source", source draft.Preparation) |> Option.toList
                  Position = position
                  Settings = positions
                  Problems = problems } }
