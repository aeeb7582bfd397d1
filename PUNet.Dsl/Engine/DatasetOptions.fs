/// Declared datasets in the words of Core: how they are prepared and split, which label a class has.
module internal PUNet.Dsl.Engine.DatasetOptions

open System
open System.Collections.Generic
open PUNet.Core.Common
open PUNet.Core.Data
open PUNet.Core.Data.Layouts
open PUNet.Core.Data.Preparation
open PUNet.Core.Data.Prepared
open PUNet.Core.Data.Splits
open PUNet.Core.Imaging
open PUNet.Dsl

/// How intensities become numbers near 0.
let private normalisation rule : Normalisation =
    match rule with
    | IntensityRule.Window(low, high) -> Normalisation.Window(low, high)
    | IntensityRule.PerVolume -> Normalisation.Percentiles(0.5, 99.5)

/// Label of voxels that nobody annotated, where the source's own description names one.
let private ignoredLabel (settings: PreparationSettings) source =
    match settings.Layout with
    | ScanLayout.NnUNet _ ->
        NnUNet.MustKnow(source, dict settings.Classes :?> IReadOnlyDictionary<int, string>)
        NnUNet.IgnoredLabel source
    | _ -> Nullable()

/// What is done to the scans of a source.
let preparation (settings: PreparationSettings) source =
    let spacing = settings.Spacing |> Option.map (fun (h, w, d) -> Spacing(h, w, d)) |> Option.toNullable

    let extent = settings.InPlaneExtent |> Option.map (fun n -> struct (n, n)) |> Option.toNullable

    PreparationOptions(
        Classes = (dict settings.Classes :?> IReadOnlyDictionary<int, string>),
        IgnoredSourceLabel = ignoredLabel settings source,
        Orientation = (if ScanLayout.isReoriented settings.Layout then Nullable Orientation.Lps else Nullable()),
        Spacing = spacing,
        InPlaneExtent = extent,
        BodyCrop = (settings.BodyCrop |> Option.map (fun margin -> BodyCrop(MarginMm = margin)) |> Option.toObj),
        RequiredClasses = ResizeArray settings.RequiredClasses,
        KeepEmpty = settings.KeepEmpty
    )

let private drawn rule (subjects: IReadOnlyList<SubjectOrigin>) =
    match rule with
    | SplitRule.Given -> DatasetSplit.Given subjects
    | SplitRule.Shares(train, validation, test, seed) -> DatasetSplit.Seeded(subjects, SplitShares(train, validation, test), uint32 seed)
    | SplitRule.Fold(folds, fold, seed) -> DatasetSplit.Fold(subjects, folds, fold, uint32 seed)

/// Parts that a split promises: those with a share; of the data's own, the one that every training reads.
let private promised rule =
    match rule with
    | SplitRule.Given -> [ Part.Train ]
    | SplitRule.Fold _ -> [ Part.Train; Part.Validation; Part.Test ]
    | SplitRule.Shares(train, validation, test, _) ->
        [ Part.Train, train; Part.Validation, validation; Part.Test, test ]
        |> List.filter (fun (_, share) -> share > 0.0)
        |> List.map fst

/// Which subjects are for training, validation and test. Raises ConfigurationException where a part that has a share is empty.
let private split rule (subjects: IReadOnlyList<SubjectOrigin>) =
    let parts = drawn rule subjects
    parts.MustHave(promised rule)
    parts

/// Parts and normalisation.
let use' (settings: PreparationSettings) = DatasetUse(normalisation settings.Intensity, split settings.Split)

/// Labels of classes in a prepared dataset, ascending.
let labels (dataset: PreparedDataset) (names: string list) : IReadOnlyList<int> =
    let known = List.ofSeq dataset.Classes

    names
    |> List.map (fun name ->
        match List.tryFindIndex ((=) name) known with
        | Some i -> i + 1
        | None -> invalidOp $"The prepared dataset has no class '{name}'; it has {known}.")
    |> List.sort
    :> _
