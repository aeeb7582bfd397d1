namespace PUNet.Dsl

open System.Runtime.CompilerServices
open PUNet.Core.Data.Splits

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
type SplitDraft = internal { Shares: SplitRule.Shares; Fold: SplitRule.Fold; IsFold: bool; GroupBy: string option }

/// split { train 0.7; validation 0.1; test 0.2; seed 1 } or split { folds 5; fold 0; seed 1 }
[<Sealed>]
type SplitBuilder() =
    inherit SettingsBuilder<SplitDraft>()

    let shares, fold = SplitRule.Shares(), SplitRule.Fold()

    let inShares property (value: objnull) (draft: SplitDraft) = { draft with Shares = CoreRecord.set property value draft.Shares }

    let inFold property (value: objnull) (draft: SplitDraft) = { draft with Fold = CoreRecord.set property value draft.Fold }

    /// Share of the training subjects.
    [<CustomOperation("train")>]
    member _.Train(settings, share: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "train" line (inShares (nameof shares.Train) share)

    /// Share of the validation subjects.
    [<CustomOperation("validation")>]
    member _.Validation(settings, share: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "validation" line (inShares (nameof shares.Validation) share)

    /// Share of the test subjects.
    [<CustomOperation("test")>]
    member _.Test(settings, share: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "test" line (inShares (nameof shares.Test) share)

    /// Number of folds of a cross-validation, instead of shares.
    [<CustomOperation("folds")>]
    member _.Folds(settings, folds: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "folds" line (inFold (nameof fold.Folds) folds >> fun draft -> { draft with IsFold = true })

    /// The fold that tests, from 0; the next one validates.
    [<CustomOperation("fold")>]
    member _.Fold(settings, number: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "fold" line (inFold (nameof fold.Index) number)

    /// Seed of the shuffle.
    [<CustomOperation("seed")>]
    member _.Seed(settings, seed: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "seed" line (inShares (nameof shares.Seed) seed >> inFold (nameof fold.Seed) seed)

    /// Regular expression that finds the patient in a subject's id, by its first group or as a whole: "^[^_]+". Scans of one
    /// patient stay in one part. A table's column patient does the same without it.
    [<CustomOperation("group_by")>]
    member _.GroupBy(settings, pattern: string, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "group_by" line (fun draft -> { draft with SplitDraft.GroupBy = Some pattern })

    member _.Run(settings: Setting<SplitDraft> list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) : SplitDeclaration =
        let isStated = settings |> List.exists (fun setting -> setting.Keyword <> "seed" && setting.Keyword <> "group_by")

        // stated shares replace the paper's as a whole, so that a share left out shows in the sum
        let start =
            { Shares = if isStated then SplitRule.Shares(Train = 0.0, Validation = 0.0, Test = 0.0) else shares
              Fold = fold
              IsFold = false
              GroupBy = None }

        let block = Blocks.finish "split" file line start settings
        let draft = block.Record
        let rule: SplitRule = if draft.IsFold then draft.Fold else draft.Shares

        { Rule = rule
          GroupBy = draft.GroupBy
          Position = block.Position
          Problems =
            [ yield! Blocks.wordFaults block
              yield! DatasetChecks.folds block.Where block.Keywords draft.IsFold
              if draft.IsFold || not (block.States "fold") then
                  yield! Blocks.faults (rule.Faults()) block
              yield! Blocks.faults (DatasetChecks.pattern draft.GroupBy) block ] }
