/// punet run: runs what is not in the store.
module PUNet.Cli.Commands.RunCommand

open System
open System.IO
open System.Runtime.CompilerServices
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.Rendering
open PUNet.Core.Common
open PUNet.Core.Common.Native
open PUNet.Dsl
open PUNet.Dsl.Engine

/// Seconds between two lines about the progress of one stage, where there is no terminal.

// Kept apart, so that Spectre.Console is loaded only for a terminal.
[<MethodImpl(MethodImplOptions.NoInlining)>]
let private terminalView () : EventView =
    let settings = Spectre.Console.AnsiConsoleSettings(Out = Spectre.Console.AnsiConsoleOutput Console.Error)

    new TerminalView(Spectre.Console.AnsiConsole.Create settings)

let private view json : EventView =
    if json then new JsonView(Console.Out)
    elif Console.IsErrorRedirected then new PlainView(Console.Error, Watched.lineInterval)
    else terminalView ()

/// Which stages were cached is told in one line at the end, unless for programs.
let private isWorthShowing json (event: EngineEvent) = json || not event.IsCached

let private count (run: RunResult) (isIt: StageOutcome -> bool) = run.Outcomes |> List.filter (snd >> isIt) |> List.length

/// 9 stages in 12 s: 3 ran, 6 cached.
let private summary (run: RunResult) (elapsed: TimeSpan) =
    let parts =
        [ count run _.IsRan, "ran"
          count run _.IsCached, "cached"
          count run _.IsFailed, "failed"
          count run _.IsSkipped, "not run"
          count run _.IsInterrupted, "stopped" ]
        |> List.filter (fun (number, _) -> number > 0)
        |> List.map (fun (number, what) -> $"{number} {what}")
        |> String.concat ", "

    $"{run.Outcomes.Length} stages in {Duration.show elapsed}: {parts}"

let private exitCode (run: RunResult) =
    if run.WasInterrupted then ExitCode.Interrupted
    elif run.Succeeded then ExitCode.Done
    else ExitCode.Failed

let private resultLine (result: Results.Result) =
    JsonLine.make "result" (fun writer ->
        writer.WriteString("stage", result.Label)
        writer.WriteString("artifact", result.Artifact)
        writer.WriteString("folder", result.Folder))

let private traces debug (run: RunResult) =
    if debug then
        for node, outcome in run.Outcomes do
            match outcome with
            | StageOutcome.Failed(_, error) -> eprintfn $"{node.Label}: {error}"
            | _ -> ()

/// The last lines that a stage told.
[<Sealed>]
type private LastLines() =
    let kept = 5
    let lines = Collections.Concurrent.ConcurrentDictionary<string, string list>()

    member _.Note(event: EngineEvent) =
        match event with
        | EngineEvent.Reported(label, report) ->
            let line =
                match report with
                | :? StageEvent.Progress as progress -> $"{progress.Unit} {progress.Done} of {progress.Total} {progress.Note}".TrimEnd()
                | :? StageEvent.Message as message -> message.Text
                | :? StageEvent.Warning as warning -> warning.Text
                | :? StageEvent.Metric as metric -> $"{metric.Name} {metric.Value} at {metric.Step}"
                | other -> string other

            lines.AddOrUpdate(label, [ line ], (fun _ former -> List.truncate kept (line :: former))) |> ignore
        | _ -> ()

    member _.Of(label: string) =
        match lines.TryGetValue label with
        | true, found -> List.rev found
        | _ -> []

/// What the script needs from now on, where it came to its end.
let private settle (noted: ScriptRun) (declared: Declarations) (run: RunResult) =
    if run.Succeeded && declared.Waiting.IsEmpty then
        let results =
            [ for node, outcome in run.Outcomes do
                  match outcome.Artifact with
                  | Some artifact -> ({ Key = artifact.Key; Label = node.Label }: RootedResult)
                  | None -> () ]

        noted.Complete results

let private execute (declared: Declarations) (options: RunOptions) runner json (last: LastLines) : Result<Declarations * RunResult, Fault> =
    use view = view json
    use interruption = new Interruption(view.Say)
    let told = Collections.Generic.HashSet<string>()

    let emit (event: EngineEvent) =
        last.Note event

        let isRepeated =
            match event with
            | EngineEvent.Cached(label, _) -> not (told.Add label)
            | EngineEvent.Finished(label, _, _, _) ->
                told.Add label |> ignore
                false
            | _ -> false

        if isWorthShowing json event && not isRepeated then
            view.Show event

    let fault (error: exn) =
        Usage $"the store {options.StoreFolder} cannot be used: {error.Message.TrimEnd '.'}; choose another folder with --store"

    let running: Continuation.Running =
        { Runner = runner
          BeforeComputing = NativeTorch.Load
          Emit = emit
          Tell = view.Say
          Cancellation = interruption.Token }

    try
        Continuation.run (Declarations.host declared) options running declared |> Result.mapError InScript
    with
    | :? IOException as error -> Error(fault error)
    | :? UnauthorizedAccessException as error -> Error(fault error)

/// Every failed stage: its name, the reason, what it told last.
let private failures (run: RunResult) (last: LastLines) =
    [ for node, outcome in run.Outcomes do
          match outcome with
          | StageOutcome.Failed(reason, _) ->
              $"{node.Label} failed: {reason}"

              for line in last.Of node.Label do
                  $"    {line}"
          | _ -> () ]

let private conclude (declared: Declarations, run: RunResult) (options: RunOptions) json elapsed again last =
    let results = Results.find options.StoreFolder declared.Graph run

    if json then
        results |> List.iter (resultLine >> Console.Out.WriteLine)
    else
        if not results.IsEmpty then
            Console.Out.WriteLine(Results.show results)

        Console.Error.WriteLine(summary run elapsed)
        failures run last |> List.iter Console.Error.WriteLine

        if not run.Succeeded then
            Console.Error.WriteLine $"to go on: {again}"

    exitCode run

/// Runs what the script declares and shows what happens; where it does not come to its end, `again` is told as the command that goes on.
let run (declared: Declarations) (options: RunOptions) (runner: StageRunner) json debug (again: string) : Result<int, Fault> =
    let clock = Diagnostics.Stopwatch.StartNew()
    let last = LastLines()
    let noted = ScriptRun(Store.at options.StoreFolder, declared.Script) // it ran from now on

    result {
        let! declared, run = execute declared options runner json last
        settle noted declared run
        traces debug run
        return conclude (declared, run) options json clock.Elapsed again last
    }
