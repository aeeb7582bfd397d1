namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Dsl.Rules

/// A split as a block declares it.
type SplitDeclaration =
    {
        Rule: SplitRule
        GroupBy: string option
        Position: SourcePosition
        /// Faults of the split itself.
        Problems: Problem list
    }

/// A split while it is collected.
type SplitShares =
    { Train: float
      Validation: float
      Test: float
      Folds: int option
      Fold: int
      Seed: int
      GroupBy: string option }

/// split { train 0.7; validation 0.1; test 0.2; seed 1 } or split { folds 5; fold 0; seed 1 }
[<Sealed>]
type SplitBuilder() =
    inherit SettingsBuilder<SplitShares>()

    /// Share of the training subjects.
    [<CustomOperation("train")>]
    member _.Train(settings, share: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "train" line (fun settings -> { settings with SplitShares.Train = share })

    /// Share of the validation subjects.
    [<CustomOperation("validation")>]
    member _.Validation(settings, share: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "validation" line (fun settings -> { settings with SplitShares.Validation = share })

    /// Share of the test subjects.
    [<CustomOperation("test")>]
    member _.Test(settings, share: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "test" line (fun settings -> { settings with SplitShares.Test = share })

    /// Number of folds of a cross-validation, instead of shares.
    [<CustomOperation("folds")>]
    member _.Folds(settings, folds: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "folds" line (fun settings -> { settings with SplitShares.Folds = Some folds })

    /// The fold that tests, from 0; the next one validates.
    [<CustomOperation("fold")>]
    member _.Fold(settings, fold: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "fold" line (fun settings -> { settings with SplitShares.Fold = fold })

    /// Seed of the shuffle.
    [<CustomOperation("seed")>]
    member _.Seed(settings, seed: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "seed" line (fun settings -> { settings with SplitShares.Seed = seed })

    /// Regular expression that finds the patient in a subject's id, by its first group or as a whole: "^[^_]+". Scans of one
    /// patient stay in one part. A table's column patient does the same without it.
    [<CustomOperation("group_by")>]
    member _.GroupBy(settings, pattern: string, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "group_by" line (fun settings -> { settings with SplitShares.GroupBy = Some pattern })

    member _.Run
        (
            settings: Setting<SplitShares> list,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) : SplitDeclaration =
        let given = settings |> List.map _.Keyword

        let none = { Train = 0.0; Validation = 0.0; Test = 0.0; Folds = None; Fold = 0; Seed = 1; GroupBy = None }

        // stated shares replace the paper's as a whole, so that a share left out shows in the sum
        let start =
            if given |> List.exists (fun keyword -> List.contains keyword [ "train"; "validation"; "test"; "folds"; "fold" ]) then
                none
            else
                { none with Train = 0.7; Validation = 0.1; Test = 0.2 }

        let shares = Setting.apply start settings

        let rule =
            match shares.Folds with
            | Some folds -> SplitRule.Fold(folds, shares.Fold, shares.Seed)
            | None -> SplitRule.Shares(shares.Train, shares.Validation, shares.Test, shares.Seed)

        let position = SourcePosition.atLine file line
        let positions = Setting.positions file settings

        { Rule = rule
          GroupBy = shares.GroupBy
          Position = position
          Problems = Setting.repeated file settings @ DatasetChecks.split (where positions "split" position) positions rule shares.GroupBy }
