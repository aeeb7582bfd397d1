namespace PUNet.Dsl

open System.Runtime.CompilerServices
open PUNet.Core.Imaging.Grids
open PUNet.Core.Data.Layouts
open PUNet.Core.Data.Phantoms
open PUNet.Core.Data.Preparation
open PUNet.Core.Imaging
open PUNet.Core.Data.Splits
open PUNet.Dsl.Rules

/// A dataset while its settings are collected.
type DatasetDraft =
    internal
        {
            Source: (DatasetOptions -> StageInput) option
            Options: DatasetOptions
            /// Label values and names as the script lists them; none where the source brings them.
            Labels: (int * string) list option
            SplitProblems: Problem list
        }

/// dataset "name" { source …; spacing (…); classes [ … ]; split { … } }
[<Sealed>]
type DatasetBuilder internal (name: string) =
    inherit SettingsBuilder<DatasetDraft>()

    let unknown = DatasetOptions.Of(PairedFolders())
    let names = unknown.Preparation
    let change alter (draft: DatasetDraft) = { draft with Options = alter draft.Options }

    let preparation (alter: PreparationOptions -> PreparationOptions) =
        change (fun options -> CoreRecord.set (nameof unknown.Preparation) (alter options.Preparation) options)

    let put line property value settings = settings |> Keyword.put line property value preparation

    /// A source comes with its classes and preparation, wherever it stands among the keywords, which change them.
    let from (input: DatasetOptions -> StageInput) layout line settings =
        settings
        |> Keyword.set "source" line (fun draft -> { draft with Source = Some input; Options = DatasetOptions.Of layout })
        |> Keyword.asBase

    let intensity word line (normalisation: Normalisation) settings =
        let set = change (CoreRecord.set (nameof unknown.Normalisation) normalisation)
        settings @ [ Setting.ofParts word line [ "intensity_window", set ] ]

    let spacing (mm: (float * float * float) option) line settings =
        settings |> put line (nameof names.Spacing) (mm |> Option.map (fun (h, w, d) -> Spacing(h, w, d)) |> Option.toNullable)

    let extent (voxels: int option) line settings =
        settings |> put line (nameof names.InPlaneExtent) (voxels |> Option.map (fun n -> struct (n, n)) |> Option.toNullable)

    /// split { … } stands among the keywords.
    member _.Yield(split: SplitDeclaration) : Setting<DatasetDraft> list =
        let alter (draft: DatasetDraft) =
            { draft with
                Options =
                    draft.Options
                    |> CoreRecord.set (nameof unknown.Split) split.Rule
                    |> CoreRecord.set (nameof unknown.GroupBy) (Option.toObj split.GroupBy)
                SplitProblems = draft.SplitProblems @ split.Problems }

        [ { Setting.own "split" None alter with Position = split.Position } ]

    /// Where the scans come from: files of the user.
    [<CustomOperation("source")>]
    member _.Source(settings, source: ScanSource, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> from (fun options -> StageInput.Files(source.Path, options.OnDisk)) source.Layout line

    /// Where the scans come from: generated phantoms.
    [<CustomOperation("source")>]
    member _.Source(settings, source: Stage<Volumes>, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> from (fun _ -> StageInput.Stage source.Node) (PhantomFolder()) line

    /// Target voxel size in mm along H, W, D.
    [<CustomOperation("spacing")>]
    member _.Spacing(settings, mm: float * float * float, ?no: More, [<CallerLineNumber>] ?line: int) = settings |> spacing (Some mm) line

    /// None: the source's own voxel size, where its preparation has another.
    [<CustomOperation("spacing")>]
    member _.Spacing(settings, mm: (float * float * float) option, ?no: More, [<CallerLineNumber>] ?line: int) = settings |> spacing mm line

    /// In-plane size in voxels to crop or pad to, centred.
    [<CustomOperation("in_plane_extent")>]
    member _.InPlaneExtent(settings, voxels: int, ?no: More, [<CallerLineNumber>] ?line: int) = settings |> extent (Some voxels) line

    /// None: the source's own in-plane size, where its preparation has another.
    [<CustomOperation("in_plane_extent")>]
    member _.InPlaneExtent(settings, voxels: int option, ?no: More, [<CallerLineNumber>] ?line: int) = settings |> extent voxels line

    /// Crop to the body with a margin in mm.
    [<CustomOperation("body_crop")>]
    member _.BodyCrop(settings, marginMm: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line (nameof names.BodyCrop) (BodyCrop(MarginMm = marginMm))

    /// Clip to (low, high) HU and map to [−1, 1].
    [<CustomOperation("intensity_window")>]
    member _.IntensityWindow(settings, window: float * float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> intensity "intensity_window" line (Normalisation.Window window)

    /// Map each volume's own range to [−1, 1]; for data that is not in HU.
    [<CustomOperation("normalise_per_volume")>]
    member _.NormalisePerVolume(settings, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> intensity "normalise_per_volume" line Normalisation.OfVolume

    /// Label values and class names; labels of one name are merged, other labels are background.
    [<CustomOperation("classes")>]
    member _.Classes(settings, classes: (int * string) list, ?no: More, [<CallerLineNumber>] ?line: int) =
        let named = readOnlyDict (classes |> List.sortBy fst |> List.distinctBy fst)

        settings |> put line (nameof names.Classes) named |> Keyword.also (fun draft -> { draft with Labels = Some classes })

    /// Leave out subjects without a voxel of one of these classes.
    [<CustomOperation("required_classes")>]
    member _.RequiredClasses(settings, classes: string list, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line (nameof names.RequiredClasses) (ResizeArray classes)

    /// Keep subjects without any foreground voxel.
    [<CustomOperation("keep_empty")>]
    member _.KeepEmpty(settings, ?no: More, [<CallerLineNumber>] ?line: int) = settings |> put line (nameof names.KeepEmpty) true

    /// Split by the data's own folders train, validation and test.
    [<CustomOperation("given_split")>]
    member _.GivenSplit(settings, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "given_split" line (change (CoreRecord.set (nameof unknown.Split) (SplitRule.Given())))

    member _.Run(settings: Setting<DatasetDraft> list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) : Dataset =
        let start = { Source = None; Options = unknown; Labels = None; SplitProblems = [] }
        let block = Blocks.finish "dataset" file line start settings
        let draft, where = block.Record, block.Where

        let problems =
            [ yield! named (where "dataset") "the dataset" name
              yield! Blocks.wordFaults block
              if draft.Source.IsNone then
                  DatasetChecks.noSource where
              yield! Blocks.idle Effect.preparation draft.Options block
              yield! Blocks.faults (draft.Options.PreparationFaults()) block
              yield! draft.Labels |> Option.map (DatasetChecks.labelValues where) |> Option.defaultValue []
              yield! draft.SplitProblems ]

        { Name = name
          Options = draft.Options
          Stage =
            Stage<Scans>
                { Spec = Prepare draft.Options
                  Label = $"prepare({name})"
                  LabelGiven = false
                  Inputs = draft.Source |> Option.map (fun source -> "source", source draft.Options) |> Option.toList
                  Position = block.Position
                  Settings = block.Keywords
                  Problems = problems } }
