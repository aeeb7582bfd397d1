/// The stages of an experiment: what reads what, what ran, what was there already, and with which settings.
module internal PUNet.Cli.Commands.PipelineSections

open System
open System.Globalization
open PUNet.Cli.Rendering
open PUNet.Cli.Rendering.HtmlReport
open PUNet.Dsl
open PUNet.Dsl.Engine

/// A stage with what became of it.
type Outcome =
    {
        Entry: PlanEntry
        /// ran, cached, running, failed, or what the plan says of a stage without a result.
        Word: string
        /// Its kind in the page's style.
        Kind: string
        Detail: string
        Result: Finished option
    }

/// What became of each stage; `latest`: what the script last ran in the store, if that is known.
let outcomes (store: Store) (latest: ScriptRoot option) (plan: PlanEntry list) (finished: Finished list) =
    let failure (node: GraphNode) = latest |> Option.bind (fun root -> root.Failures |> List.tryFind (fun one -> one.Stage = node.Label))

    [ for entry in plan do
          match finished |> List.tryFind (fun stage -> stage.Node.Id = entry.Node.Id) with
          | Some stage ->
              let took = Duration.show (stage.Artifact.Ended - stage.Artifact.Started)

              let word, kind =
                  match latest with
                  | Some root when stage.Artifact.Started < root.Ran -> "cached", "cached"
                  | _ -> "ran", "ran"

              { Entry = entry; Word = word; Kind = kind; Detail = took; Result = Some stage }
          | None ->
              let word, details = PlanCommand.describe entry.Status

              let without word kind detail = { Entry = entry; Word = word; Kind = kind; Detail = detail; Result = None }

              match failure entry.Node with
              | _ when entry.Key |> Option.exists (Store.isComputed store) -> without "running" "running" details
              | Some failure -> without "failed" "failed" failure.Reason
              | None -> without (if word = "run" then "no result" else word) "open" details ]

let private box (outcome: Outcome) : SvgGraph.Box =
    { Id = outcome.Entry.Node.Id
      Label = outcome.Entry.Node.Label
      State = outcome.Kind
      Detail = if outcome.Detail = "" then outcome.Word else $"{outcome.Word}, {outcome.Detail}"
      Reads =
        [ for _, input in outcome.Entry.Node.Inputs do
              match input with
              | GraphInput.Stage id -> id
              | GraphInput.Files _ -> () ] }

let private time (value: DateTimeOffset) = value.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)

let private row (outcome: Outcome) =
    match outcome.Result with
    | None -> [ outcome.Entry.Node.Label; outcome.Word; outcome.Detail; ""; ""; "" ]
    | Some stage ->
        [ outcome.Entry.Node.Label
          outcome.Word
          outcome.Detail
          time stage.Artifact.Ended
          ByteSize.show stage.Artifact.PeakMemory
          stage.Artifact.Key[..7] ]

let private summary (outcomes: Outcome list) =
    outcomes |> List.countBy _.Word |> List.map (fun (word, count) -> $"{count} {word}") |> String.concat ", "

/// The graph, and the stages as a table; what failed stands above.
let graph (outcomes: Outcome list) =
    [ Heading "Pipeline"
      for outcome in outcomes do
          if outcome.Word = "failed" then
              Warning $"{outcome.Entry.Node.Label} failed: {outcome.Detail}"
      Paragraph $"{outcomes.Length} stages: {summary outcomes}. ran: in the latest run of the script; cached: its result was there before."
      LargeDrawing("Each stage stands right of what it reads.", SvgGraph.draw "Pipeline" (outcomes |> List.map box))
      Rows([ "stage"; "state"; "took"; "ended"; "memory"; "id" ] :: List.map row outcomes) ]

let private settings (whole: Graph) (node: GraphNode) =
    let changed = ChangedSettings.find whole node
    let all = Canonical.leaves (StageSpec.parameters node.Spec) |> Map.toList

    let differing =
        match changed with
        | [] -> []
        | changed ->
            [ Rows([ "setting"; "value"; "usual" ] :: [ for one in changed -> [ one.Name; one.Value; Option.defaultValue "" one.Usual ] ]) ]

    [ Subheading node.Label
      if differing.IsEmpty then
          Paragraph "The usual settings."
      yield! differing
      if not all.IsEmpty then
          Folded("all settings", false, [ Rows([ "setting"; "value" ] :: [ for name, value in all -> [ name; Canonical.show value ] ]) ]) ]

/// The settings in which each stage differs from the usual ones, and all of them to be opened.
let settingsOf (outcomes: Outcome list) =
    let whole = { Nodes = outcomes |> List.map _.Entry.Node }

    [ Heading "Settings that differ from the usual ones"
      for outcome in outcomes do
          if not outcome.Entry.Node.Spec.IsReport then
              yield! settings whole outcome.Entry.Node ]
