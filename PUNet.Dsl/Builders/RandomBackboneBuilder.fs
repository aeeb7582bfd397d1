namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Dsl.Rules

/// An untrained backbone while its settings are collected.
type RandomBackboneDraft =
    internal
        { Random: RandomBackboneSettings
          NetworkProblems: Problem list
          RandomLabel: string option }

/// randomBackbone scans { network …; seed 1 }: a backbone that was never trained.
[<Sealed>]
type RandomBackboneBuilder internal (dataset: Dataset, file: string, line: int) =
    inherit SettingsBuilder<RandomBackboneDraft>()

    /// The network; the paper's where not given.
    [<CustomOperation("network")>]
    member _.Network(settings, network: NetworkDeclaration, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings
        |> Keyword.set "network" line (fun draft ->
            { draft with
                Random = { draft.Random with Network = network.Configuration }
                NetworkProblems = network.Problems })

    /// Seed of the initialisation.
    [<CustomOperation("seed")>]
    member _.Seed(settings, seed: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "seed" line (fun draft -> { draft with Random = { draft.Random with Seed = seed } })

    /// The stage's name in tables and on the command line.
    [<CustomOperation("label")>]
    member _.Label(settings, label: string, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "label" line (fun draft -> { draft with RandomLabel = Some label })

    member _.Run(settings: Setting<RandomBackboneDraft> list) : Stage<Backbone> =
        let position = SourcePosition.atLine file line
        let positions = Setting.positions file settings

        let draft = Setting.apply { Random = RandomBackboneSettings.defaults; NetworkProblems = []; RandomLabel = None } settings

        let where = where positions "randomBackbone" position

        let checks =
            [ yield! NetworkChecks.poolHolds where draft.Random.Network dataset.Classes
              yield! draft.RandomLabel |> Option.map (named (where "label") "the stage") |> Option.defaultValue [] ]

        Stage<Backbone>
            { Spec = RandomBackbone draft.Random
              Label = draft.RandomLabel |> Option.defaultValue "randomBackbone"
              LabelGiven = draft.RandomLabel.IsSome
              Inputs = [ "scans", StageInput.Stage dataset.Stage.Node ]
              Position = position
              Settings = positions
              Problems = Setting.repeated file settings @ draft.NetworkProblems @ checks }
