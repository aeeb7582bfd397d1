/// punet plan: what would run and why. Changes nothing on disk.
module PUNet.Cli.Commands.PlanCommand

open System
open PUNet.Cli
open PUNet.Cli.Rendering
open PUNet.Dsl.Engine

/// One word, and the details behind it.
let private describe (status: PlanStatus) =
    match status with
    | PlanStatus.Cached _ -> "cached", ""
    | PlanStatus.Run reason -> "run", string reason
    | PlanStatus.Resume progress -> "resume", progress
    | PlanStatus.Waiting(upstream, changes) ->
        let upstream = String.concat ", " upstream
        let changes = changes |> List.map (fun change -> $"; {change}") |> String.concat ""
        "waiting", $"on {upstream}{changes}"
    | PlanStatus.MissingInput what -> "missing", what

let private text (plan: PlanEntry list) =
    let width = plan |> List.map _.Node.Label.Length |> List.fold max 0

    [ for entry in plan ->
          let word, details = describe entry.Status
          $"{word.PadRight 8} {entry.Node.Label.PadRight width}  {details}".TrimEnd() ]

let private json (plan: PlanEntry list) =
    [ for entry in plan ->
          JsonLine.make "plan" (fun writer ->
              let word, details = describe entry.Status
              writer.WriteString("stage", entry.Node.Label)
              writer.WriteString("status", word)
              writer.WriteString("details", details)

              match entry.Key with
              | Some key -> writer.WriteString("key", key)
              | None -> writer.WriteNull "key") ]

/// Tells the plan. With `exitCode`, 1 where something would run; a missing input is invalid in any case.
let run (graph: Graph) (options: RunOptions) asJson exitCode : int =
    let plan = Plan.make options graph
    (if asJson then json plan else text plan) |> List.iter Console.Out.WriteLine

    if plan |> List.exists _.Status.IsMissingInput then ExitCode.Invalid
    elif exitCode && plan |> List.exists (fun entry -> not entry.Status.IsCached) then ExitCode.Failed
    else ExitCode.Done
