/// Rules of datasets beside those that Core keeps.
module internal PUNet.Dsl.DatasetChecks

open PUNet.Core.Common.Settings
open PUNet.Core.Data.Preparation
open PUNet.Dsl.Rules

/// A dataset without scans.
let noSource (where: Where) =
    Problem.at
        (where "dataset")
        "the dataset has no source"
        "its scans come from somewhere"
        "none"
        "add source (Folder.pairs …) or another source"

/// Faults of the pattern that finds patients.
let pattern (groupBy: string option) = DatasetOptions.PatternFaults(Option.toObj groupBy)

/// Label values that the list names twice.
let labelValues (where: Where) (classes: (int * string) list) =
    [ for value, times in List.countBy fst classes do
          if times > 1 then
              Problem.at
                  (where "classes")
                  $"label value {value} has {times} names"
                  "a label value is one class"
                  (classes |> List.map snd |> List.distinct |> String.concat ", ")
                  "remove all but one" ]

/// Words of shares beside those of folds.
let folds (where: Where) (given: Map<string, SourcePosition>) isFold =
    [ for share in [ "train"; "validation"; "test" ] do
          if isFold && given.ContainsKey share then
              Problem.at (where share) $"{share} and folds are given" "a split is by shares or by folds" "both" "remove one of them"
      if not isFold && given.ContainsKey "fold" then
          Problem.at (where "fold") "fold is given without folds" "a fold is one of several" "no folds" "add folds 5" ]

/// Faults of a split into base and novel classes.
let classSplit (words: Words) (where: Where) (datasetClasses: string list) (baseClasses: string list) (novelClasses: string list) =
    let both = baseClasses |> List.filter (fun name -> List.contains name novelClasses) |> List.distinct
    let listed setting (names: string list) = ClassList.Faults(setting, ResizeArray names, ResizeArray datasetClasses)

    [ for fault in Seq.append (listed "base_classes" baseClasses) (listed "novel_classes" novelClasses) do
          told words words where fault
      if not both.IsEmpty then
          Problem.at
              (where "novel_classes")
              "base and novel classes overlap"
              "a novel class is one that pre-training does not see"
              (String.concat ", " both)
              "leave each class in one of the two lists" ]
