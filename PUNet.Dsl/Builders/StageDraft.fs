namespace PUNet.Dsl

open System.Runtime.CompilerServices

/// A stage while its settings are collected.
type StageDraft<'Options> =
    internal
        {
            Options: 'Options
            StageLabel: string option
            /// The network of a backbone; the options' own where not given.
            Network: NetworkDeclaration option
            /// The datasets that classes were named of.
            Datasets: StageNode list
            /// Faults of what the settings were given.
            Found: Problem list
        }

module internal StageDraft =
    let start options = { Options = options; StageLabel = None; Network = None; Datasets = []; Found = [] }

    let change alter (draft: StageDraft<'Options>) = { draft with Options = alter draft.Options }

    let found problems (draft: StageDraft<'Options>) = { draft with Found = draft.Found @ problems }

    /// The network for a dataset of these classes; the options' own where none is given.
    let network own (classes: string list) (draft: StageDraft<'Options>) =
        draft.Network
        |> Option.defaultWith (fun () -> NetworkDeclaration.ofConfiguration own)
        |> NetworkDeclaration.forClasses classes.Length

    /// A property of the options.
    let put line property value settings = settings |> Keyword.put line property value change

    /// Faults of the draft whatever its kind: what it was given, its label, its words.
    let problems (block: Blocks.Block<StageDraft<'Options>>) =
        [ yield! block.Record.Found
          yield! Blocks.wordFaults block
          for network in Option.toList block.Record.Network do
              yield! network.Problems
          for label in Option.toList block.Record.StageLabel do
              yield! Rules.named (block.Where "label") "the stage" label ]

    /// The declared stage.
    let node (block: Blocks.Block<StageDraft<'Options>>) spec label inputs problems =
        { Spec = spec
          Label = block.Record.StageLabel |> Option.defaultValue label
          LabelGiven = block.Record.StageLabel.IsSome
          Inputs = [ for name, stage in inputs -> name, StageInput.Stage stage ]
          Position = block.Position
          Settings = block.Keywords
          Problems = List.distinct problems }

/// A block that declares a stage.
type IDeclaresStage<'Options> = interface end

/// A block that declares a backbone.
type IHasNetwork<'Options> = interface end

/// The keywords of stages that are not of one kind.
[<AutoOpen>]
module StageKeywords =
    type IDeclaresStage<'Options> with

        /// The stage's name in tables and on the command line.
        [<CustomOperation("label")>]
        member _.Label(settings: Setting<StageDraft<'Options>> list, label: string, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> Keyword.set "label" line (fun draft -> { draft with StageLabel = Some label })

    type IHasNetwork<'Options> with

        /// The network; a small one where not given.
        [<CustomOperation("network")>]
        member _.Network
            (settings: Setting<StageDraft<'Options>> list, network: NetworkDeclaration, ?no: More, [<CallerLineNumber>] ?line: int)
            =
            settings |> Keyword.set "network" line (fun draft -> { draft with Network = Some network })
