namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices

/// A split by shares as a block declares it.
type SplitDeclaration = { Rule: SplitRule; Settings: Setting<SplitShares> list }

/// Shares while they are collected.
and SplitShares = { Train: float; Validation: float; Test: float; Seed: int }

/// split { train 0.7; validation 0.1; test 0.2; seed 1 }
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

    /// Seed of the shuffle.
    [<CustomOperation("seed")>]
    member _.Seed(settings, seed: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "seed" line (fun settings -> { settings with SplitShares.Seed = seed })

    member _.Run(settings: Setting<SplitShares> list) : SplitDeclaration =
        let given = settings |> List.map _.Keyword

        // stated shares replace the paper's as a whole, so that a share left out shows in the sum
        let start =
            if given |> List.exists (fun keyword -> keyword <> "seed") then
                { Train = 0.0; Validation = 0.0; Test = 0.0; Seed = 1 }
            else
                { Train = 0.7; Validation = 0.1; Test = 0.2; Seed = 1 }

        let shares = Setting.apply start settings

        { Rule = SplitRule.Shares(shares.Train, shares.Validation, shares.Test, shares.Seed)
          Settings = settings }
