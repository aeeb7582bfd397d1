/// Rules of datasets.
module internal PUNet.Dsl.DatasetChecks

open System
open System.Globalization
open PUNet.Dsl.Rules

let private show (number: float) = number.ToString(CultureInfo.InvariantCulture)

/// Of a source's label maps.
let private largestLabel = 65_535

/// In a prepared label map: its labels have 8 bits, of which two are background and voxels that nobody annotated.
let private mostClasses = 254

let private classes (where: Where) (settings: PreparationSettings) =
    let position = where "classes"
    let values, names = List.map fst settings.Classes, PreparationSettings.classNames settings

    [ if settings.Classes.IsEmpty then
          Problem.at position "no classes are declared" "label values need names" "none" "add classes [ 1, \"liver\"; … ]"
      for value, name in settings.Classes do
          if value < 1 || value > largestLabel then
              Problem.at
                  position
                  $"label value {value} cannot be a class"
                  $"0 is background and classes are from 1 to {largestLabel}, as label maps hold 16-bit numbers"
                  (string value)
                  ""

          if String.IsNullOrWhiteSpace name then
              Problem.at position $"label value {value} has no name" "a class has a name" $"\"{name}\"" ""
      if names.Length > mostClasses then
          Problem.at
              position
              "there are too many classes"
              $"prepared label maps hold at most {mostClasses}"
              (string names.Length)
              "leave some out"
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
    | IntensityRule.Window(low, high) when low >= high ->
        [ Problem.at
              (where "intensity_window")
              "the intensity window is empty"
              "its lower end lies below its upper end"
              $"({show low}, {show high})"
              "" ]
    | _ -> []

/// Sources whose files say which part a subject belongs to.
let private hasParts layout =
    match layout with
    | ScanLayout.Pairs _
    | ScanLayout.CsvList _ -> true
    | ScanLayout.Phantoms
    | ScanLayout.CtOrg
    | ScanLayout.TciaBtcv
    | ScanLayout.NnUNet _ -> false

let private ownSplit (where: Where) (settings: PreparationSettings) =
    [ if settings.Split = SplitRule.Given && not (hasParts settings.Layout) then
          Problem.at
              (where "given_split")
              "the source has no split of its own"
              "given_split takes the folders train, validation and test of Folder.pairs, or the column part of a table"
              ""
              "state shares instead: split { train 0.7; validation 0.1; test 0.2 }" ]

let private groupBy (where: Where) pattern =
    try
        pattern |> Option.iter (Text.RegularExpressions.Regex >> ignore)
        []
    with :? ArgumentException as error ->
        [ Problem.at
              (where "group_by")
              "group_by is no regular expression"
              "it finds the patient in a subject's id"
              (Option.defaultValue "" pattern)
              error.Message ]

/// Shares that do not divide all subjects, or leave none to train on.
let private sum (where: Where) (train, validation, test) =
    let sum = train + validation + test

    [ if abs (sum - 1.0) > 1e-9 then
          let given = $"{show train} + {show validation} + {show test} = {show (Math.Round(sum, 6))}"
          Problem.at (where "split") "the split does not sum to 1" "train, validation and test share all subjects" given ""
      elif not (train > 0.0) then
          Problem.at (where "train") "no subject trains" "a split has a training part" "train 0" "give train a share above 0" ]

/// Rules of a split, by where its keywords stand.
let split (where: Where) (given: Map<string, SourcePosition>) rule pattern =
    let numbers = Limit.problems given where Numbers.split rule

    [ yield! numbers
      yield! groupBy where pattern
      match rule with
      | SplitRule.Given -> ()
      | SplitRule.Fold(folds, fold, _) ->
          if numbers.IsEmpty && (fold < 0 || fold >= folds) then
              Problem.at (where "fold") $"fold is {fold}" $"with {folds} folds it is from 0 to {folds - 1}" (string fold) ""

          for share in [ "train"; "validation"; "test" ] do
              if given.ContainsKey share then
                  Problem.at (where share) $"{share} and folds are given" "a split is by shares or by folds" "both" "remove one of them"
      | SplitRule.Shares _ when given.ContainsKey "fold" ->
          Problem.at (where "fold") "fold is given without folds" "a fold is one of several" "no folds" "add folds 5"
      | SplitRule.Shares(train, validation, test, _) ->
          if numbers.IsEmpty then
              yield! sum where (train, validation, test) ]

/// Faults of what the source says of its files' names.
let private source (where: Where) (settings: PreparationSettings) =
    [ for fault in (PreparationSettings.onDisk settings).Faults() do
          Problem.at (where "source") "the source cannot find its files" (fault.TrimEnd '.') "" "" ]

/// All faults of a dataset's settings but its split.
let problems given (where: Where) (hasSource: bool) (settings: PreparationSettings) =
    [ if not hasSource then
          Problem.at
              (where "dataset")
              "the dataset has no source"
              "its scans come from somewhere"
              "none"
              "add source (Folder.pairs …) or another source"
      else
          yield! source where settings
      yield! Effect.conflicts given where
      yield! Effect.problems given where Effect.preparation settings
      yield! Limit.problems given where Numbers.preparation settings
      yield! ownSplit where settings
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
