/// punet run: runs what is not in the store.
module PUNet.Cli.Commands.RunCommand

open System
open System.IO
open System.Runtime.CompilerServices
open PUNet.Cli
open PUNet.Cli.Rendering
open PUNet.Dsl.Engine

/// Seconds between two lines about the progress of one stage, where there is no terminal.
let private lineInterval = TimeSpan.FromSeconds 5.0

// Kept apart, so that Spectre.Console is loaded only for a terminal.
[<MethodImpl(MethodImplOptions.NoInlining)>]
let private terminalView () : EventView =
    let settings = Spectre.Console.AnsiConsoleSettings(Out = Spectre.Console.AnsiConsoleOutput Console.Error)

    new TerminalView(Spectre.Console.AnsiConsole.Create settings)

let private view json : EventView =
    if json then new JsonView(Console.Out)
    elif Console.IsErrorRedirected then new PlainView(Console.Error, lineInterval)
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

let private execute (graph: Graph) (options: RunOptions) runner json : Result<RunResult, Fault> =
    use view = view json
    use interruption = new Interruption(view.Say)

    let emit event =
        if isWorthShowing json event then
            view.Show event

    let fault (error: exn) =
        Usage $"the store {options.StoreFolder} cannot be used: {error.Message.TrimEnd '.'}; choose another folder with --store"

    try
        Ok(Executor.run options runner emit interruption.Token graph)
    with
    | :? IOException as error -> Error(fault error)
    | :? UnauthorizedAccessException as error -> Error(fault error)

let private conclude (graph: Graph) (options: RunOptions) json elapsed again (run: RunResult) =
    let results = Results.find options.StoreFolder graph run

    if json then
        results |> List.iter (resultLine >> Console.Out.WriteLine)
    else
        if not results.IsEmpty then
            Console.Out.WriteLine(Results.show results)

        Console.Error.WriteLine(summary run elapsed)

        if not run.Succeeded then
            Console.Error.WriteLine $"to go on: {again}"

    exitCode run

/// Runs the graph and shows what happens; where it does not come to its end, `again` is told as the command that goes on.
let run (graph: Graph) (options: RunOptions) (runner: StageRunner) json debug (again: string) : Result<int, Fault> =
    let clock = Diagnostics.Stopwatch.StartNew()

    execute graph options runner json
    |> Result.map (fun run ->
        traces debug run
        conclude graph options json clock.Elapsed again run)
