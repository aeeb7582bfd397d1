/// Rules of datasets.
module internal PUNet.Dsl.DatasetChecks

open System.Globalization
open PUNet.Dsl.Rules

let private show (number: float) = number.ToString(CultureInfo.InvariantCulture)

let private spacing (where: Where) (settings: PreparationSettings) =
    match settings.Spacing with
    | Some(h, w, d) when not (h > 0.0 && w > 0.0 && d > 0.0) ->
        [ Problem.at (where "spacing") "spacing must be positive" "mm per voxel along three axes" $"({show h}, {show w}, {show d})" "" ]
    | _ -> []

let private classes (where: Where) (settings: PreparationSettings) =
    let position = where "classes"
    let values, names = List.unzip settings.Classes

    [ if settings.Classes.IsEmpty then
          Problem.at position "no classes are declared" "label values need names" "none" "add classes [ 1, \"liver\"; … ]"
      for value in values do
          if value < 1 then
              Problem.at position $"label value {value} cannot be a class" "0 is background and classes are positive" (string value) ""
      for value, times in List.countBy id values do
          if times > 1 then
              Problem.at
                  position
                  $"label value {value} has {times} names"
                  "a label value is one class"
                  (String.concat ", " names)
                  "remove all but one"
      yield! knownClasses (where "required_classes") names settings.RequiredClasses ]

let private intensity (where: Where) (settings: PreparationSettings) =
    match settings.Intensity with
    | IntensityRule.Window(low, high) when not (low < high) ->
        [ Problem.at
              (where "intensity_window")
              "the intensity window is empty"
              "its lower end lies below its upper end"
              $"({show low}, {show high})"
              "" ]
    | _ -> []

let private groupBy (where: Where) pattern =
    try
        pattern |> Option.iter (System.Text.RegularExpressions.Regex >> ignore)
        []
    with :? System.ArgumentException as error ->
        [ Problem.at
              (where "group_by")
              "group_by is no regular expression"
              "it finds the patient in a subject's id"
              (Option.defaultValue "" pattern)
              error.Message ]

/// Rules of a split, of which these keywords are given.
let split (where: Where) (given: string list) rule pattern =
    groupBy where pattern
    @ match rule with
      | SplitRule.Given -> []
      | SplitRule.Fold(folds, fold, _) ->
          let shares = given |> List.filter (fun keyword -> List.contains keyword [ "train"; "validation"; "test" ])

          [ if folds < 3 then
                Problem.at
                    (where "folds")
                    $"folds is {folds}"
                    "one fold tests, one validates and the others train, so there are at least 3"
                    (string folds)
                    ""
            elif fold < 0 || fold >= folds then
                Problem.at (where "fold") $"fold is {fold}" $"with {folds} folds it is from 0 to {folds - 1}" (string fold) ""
            for share in shares do
                Problem.at (where share) $"{share} and folds are given" "a split is by shares or by folds" "both" "remove one of them" ]
      | SplitRule.Shares _ when List.contains "fold" given ->
          [ Problem.at (where "fold") "fold is given without folds" "a fold is one of several" "no folds" "add folds 5" ]
      | SplitRule.Shares(train, validation, test, _) ->
          let sum = train + validation + test

          [ yield! share where "train" train
            yield! share where "validation" validation
            yield! share where "test" test
            if abs (sum - 1.0) > 1e-9 then
                let given = $"{show train} + {show validation} + {show test} = {show (System.Math.Round(sum, 6))}"
                Problem.at (where "split") "the split does not sum to 1" "train, validation and test share all subjects" given "" ]

/// Faults of what the source says of its files' names.
let private source (where: Where) (settings: PreparationSettings) =
    [ for fault in (PreparationSettings.onDisk settings).Faults() do
          Problem.at (where "source") "the source names its files wrongly" fault "" "" ]

/// All faults of a dataset's settings but its split.
let problems (where: Where) (hasSource: bool) (settings: PreparationSettings) =
    [ if not hasSource then
          Problem.at
              (where "dataset")
              "the dataset has no source"
              "its scans come from somewhere"
              "none"
              "add source (Folder.pairs …) or another source"
      else
          yield! source where settings
      yield! spacing where settings
      yield! settings.InPlaneExtent |> Option.map (positive where "in_plane_extent") |> Option.defaultValue []
      yield! settings.BodyCrop |> Option.map (notNegative where "body_crop") |> Option.defaultValue []
      yield! classes where settings
      yield! intensity where settings ]

/// Faults of a split into base and novel classes.
let classSplit (where: Where) (datasetClasses: string list) (baseClasses: string list) (novelClasses: string list) =
    let both = baseClasses |> List.filter (fun name -> List.contains name novelClasses) |> List.distinct

    [ yield! knownClasses (where "base_classes") datasetClasses baseClasses
      yield! knownClasses (where "novel_classes") datasetClasses novelClasses
      yield! distinctClasses (where "base_classes") baseClasses
      yield! distinctClasses (where "novel_classes") novelClasses
      if not both.IsEmpty then
          Problem.at
              (where "novel_classes")
              "base and novel classes overlap"
              "a novel class is one that pre-training does not see"
              (String.concat ", " both)
              "leave each class in one of the two lists" ]
