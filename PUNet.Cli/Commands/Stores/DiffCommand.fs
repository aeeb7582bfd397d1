/// punet diff: what two results differ in: parameters, code, data, and the figures that came out.
module PUNet.Cli.Commands.DiffCommand

open System
open System.IO
open System.Text.Json
open PUNet.Cli
open PUNet.Core.Inference
open PUNet.Core.Inference.Results
open PUNet.Dsl
open PUNet.Dsl.Engine

/// The figures of an evaluation by class and metric, in full digits.
let private scores (folder: string) =
    let text (figure: Nullable<float>) =
        figure |> Option.ofNullable |> Option.map (Canonical.real >> Canonical.show) |> Option.defaultValue "none"

    [ for score in (EvaluationSummary.Read folder).Classes do
          for figure in score.Figures do
              $"{score.Name}, {figure.Metric}", $"{text figure.Mean}, deviation {text figure.Deviation}, n {figure.N}" ]

/// Leaves of the files that hold figures: JSON files, the last line of the training log, the lines of tables.
let private figures (store: Store) (entry: Provenance) : Map<string, string> =
    let folder = store.Artifact entry.Key

    let leaves prefix (text: string) =
        try
            CanonicalJson.parse text
            |> Canonical.leaves
            |> Map.toList
            |> List.map (fun (path, value) -> $"{prefix}.{path}", Canonical.show value)
        with :? JsonException ->
            []

    [ for file in entry.Files do
          let name = file.Path
          let path = Path.Combine(folder, name)

          if not (File.Exists path) || name.Contains '/' then
              ()
          elif name = ResultTable.FileName then
              match Option.ofObj (ResultTable.Read folder) with
              | Some table ->
                  for entry in Seq.append table.Grid.Entries table.ComparisonGrid.Entries do
                      entry.Key, entry.Value
              | None -> ()
          elif name = EvaluationSummary.FileName then
              yield!
                  leaves "summary" (File.ReadAllText path)
                  |> List.filter (fun (leaf, _) -> not (leaf.StartsWith("summary.classes", StringComparison.Ordinal)))

              yield! scores folder
          elif name.EndsWith(".json", StringComparison.Ordinal) then
              yield! leaves (name.Replace(".json", "")) (File.ReadAllText path)
          elif name.EndsWith(".jsonl", StringComparison.Ordinal) then
              match Seq.tryLast (File.ReadLines path) with
              | Some line -> yield! leaves (name.Replace(".jsonl", "")) line
              | None -> ()
          else
              () ]
    |> Map.ofList

let private differing (before: Map<string, string>) (after: Map<string, string>) =
    [ for name in Seq.append before.Keys after.Keys |> Seq.distinct |> Seq.sort do
          if before.TryFind name <> after.TryFind name then
              let value = Option.defaultValue "none"
              $"{name}: {value (before.TryFind name)} → {value (after.TryFind name)}" ]

let private section title (lines: string list) = if lines.IsEmpty then [] else title :: List.map (fun line -> "    " + line) lines

let private compare (store: Store) (left: Provenance) (right: Provenance) =
    let functionsOf hash = Store.code store hash |> Option.defaultValue Map.empty
    let code entry = CanonicalJson.textField "code" entry.Fields

    let changes =
        KeyChanges.differences Set.empty left.Fields right.Fields
        |> KeyChanges.withFunctions (Store.code store) (fun () -> functionsOf (code right))

    let startsWith (prefix: string) (change: FieldChange) = change.Field.StartsWith(prefix, StringComparison.Ordinal)
    let isData = startsWith "inputs."
    let isSystem = startsWith "environment."
    let isCode change = change.Field = "code"
    let others change = not (isData change || isSystem change || isCode change)
    let show keep = changes |> List.filter keep |> List.map string

    let input (entry: Provenance) = entry.Inputs |> List.map (fun input -> input.Name, $"{input.From} {input.Content[..7]}") |> Map.ofList

    [ $"{left.Key[..7]} {left.Label}  →  {right.Key[..7]} {right.Label}"
      yield! section "parameters" (show others)
      yield! section "code" (show isCode)
      yield! section "data" (differing (input left) (input right))
      yield! section "environment" (show isSystem @ differing left.Versions right.Versions)
      yield! section "figures" (differing (figures store left) (figures store right))
      if left.Content = right.Content then
          "the contents are the same, bit for bit" ]

/// Sets two results side by side, by the first digits of their ids.
let run (store: Store) (left: string) (right: string) : Result<int, Fault> =
    StoreCommands.find store left
    |> Result.bind (fun left ->
        StoreCommands.find store right
        |> Result.map (fun right ->
            compare store left right |> List.iter Console.Out.WriteLine
            ExitCode.Done))
