/// punet plan: what would run and why. Changes nothing on disk.
module PUNet.Cli.Commands.PlanCommand

open System
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.Rendering
open PUNet.Dsl
open PUNet.Dsl.Engine

/// One word, and the details behind it.
let describe (status: PlanStatus) =
    match status with
    | PlanStatus.Cached _ -> "cached", ""
    | PlanStatus.Run reason -> "run", string reason
    | PlanStatus.Resume progress -> "resume", progress
    | PlanStatus.Waiting(upstream, _, Some _) ->
        let upstream = String.concat ", " upstream
        "waiting", $"on {upstream}; stays as it is if that comes out as before"
    | PlanStatus.Waiting(upstream, changes, None) ->
        let upstream = String.concat ", " upstream
        let changes = changes |> List.map (fun change -> $"; {change}") |> String.concat ""
        "waiting", $"on {upstream}{changes}"
    | PlanStatus.MissingInput what -> "missing", what

/// What a part of a script waits for, with the labels of the graph.
let private awaited (plan: PlanEntry list) (part: WaitingPart) =
    part.Awaited
    |> List.map (fun awaited ->
        let id = Graph.identity awaited.Stage
        let label = plan |> List.tryFind (fun entry -> entry.Node.Id = id) |> Option.map _.Node.Label
        $"{awaited.Figure} of {Option.defaultValue awaited.Stage.Label label}")
    |> List.distinct
    |> String.concat ", "

let private partName (part: WaitingPart) = $"pipeline({IO.Path.GetFileName part.Position.File}:{part.Position.Line})"

let private text (declared: Declarations) (plan: PlanEntry list) =
    let labels = (plan |> List.map _.Node.Label) @ List.map partName declared.Waiting
    let width = labels |> List.map String.length |> List.fold max 0
    let line (word: string) (label: string) details = $"{word.PadRight 8} {label.PadRight width}  {details}".TrimEnd()

    [ for entry in plan do
          let word, details = describe entry.Status
          line word entry.Node.Label details
      for part in declared.Waiting do
          line "waiting" (partName part) $"on {awaited plan part}"
      yield! declared.Remarks ]

let private changesOf (status: PlanStatus) =
    match status with
    | PlanStatus.Run(RunReason.Changed(_, changes))
    | PlanStatus.Waiting(_, changes, _) -> changes
    | PlanStatus.Run _
    | PlanStatus.Cached _
    | PlanStatus.Resume _
    | PlanStatus.MissingInput _ -> []

let private json (declared: Declarations) (plan: PlanEntry list) =
    [ for entry in plan ->
          JsonLine.make "plan" (fun writer ->
              let word, details = describe entry.Status
              writer.WriteString("stage", entry.Node.Label)
              writer.WriteString("status", word)
              writer.WriteString("details", details)
              writer.WriteStartArray "changes"

              for change in changesOf entry.Status do
                  writer.WriteStartObject()
                  writer.WriteString("field", change.Field)
                  writer.WriteString("before", Option.toObj change.Before)
                  writer.WriteString("after", Option.toObj change.After)
                  writer.WriteStartArray "functions"
                  change.Functions |> List.iter writer.WriteStringValue
                  writer.WriteEndArray()
                  writer.WriteEndObject()

              writer.WriteEndArray()

              match entry.Key with
              | Some key -> writer.WriteString("key", key)
              | None -> writer.WriteNull "key")
      for part in declared.Waiting ->
          JsonLine.make "plan" (fun writer ->
              writer.WriteString("stage", partName part)
              writer.WriteString("status", "waiting")
              writer.WriteString("details", $"on {awaited plan part}")
              writer.WriteNull "key")
      for remark in declared.Remarks -> JsonLine.make "message" _.WriteString("text", remark) ]

/// The plan of what is declared and of what follows from values that the store knows, with these declarations. A class that no subject of
/// a prepared dataset has is a fault of the script.
let make (declared: Declarations) (options: RunOptions) : Result<Declarations * PlanEntry list, Fault> =
    Continuation.plan (Declarations.host declared) options declared |> Result.mapError InScript

/// Tells the plan. With `exitCode`, 1 where something would run; a missing input is invalid in any case.
let run (declared: Declarations) (options: RunOptions) asJson exitCode : Result<int, Fault> =
    result {
        let! declared, plan = make declared options
        (if asJson then json declared plan else text declared plan) |> List.iter Console.Out.WriteLine
        let waits = not declared.Waiting.IsEmpty || plan |> List.exists (fun entry -> not entry.Status.IsCached)

        return
            if plan |> List.exists _.Status.IsMissingInput then ExitCode.Invalid
            elif exitCode && waits then ExitCode.Failed
            else ExitCode.Done
    }
