namespace PUNet.Cli.Rendering

open System
open System.Collections.Generic
open System.Diagnostics
open System.Threading
open PUNet.Core.Common
open PUNet.Dsl.Engine
open Spectre.Console
open Spectre.Console.Rendering

/// Rate, time left and the stage's own figures behind its bar.
type private PaceColumn(paces: Dictionary<int, Pace>) =
    inherit ProgressColumn()

    override _.Render(_, task, _) =
        lock paces (fun () ->
            match paces.TryGetValue task.Id with
            | true, pace -> Text $"{pace}, {Memory.show ()}"
            | _ -> Text "")
        :> IRenderable

/// A bar for each running stage below the lines of what has happened. Starts with the first stage that runs, so that a run
/// in which all is cached shows none.
[<Sealed>]
type TerminalView(console: IAnsiConsole) =
    let clock = Stopwatch.StartNew()
    let paces = Dictionary<int, Pace>()
    let bars = Dictionary<string, ProgressTask * ProgressMeter>()
    let ended = new ManualResetEventSlim()
    let mutable display: (ProgressContext * Thread) option = None

    /// Spectre draws for as long as a call runs: a thread of its own waits in it.
    let start () =
        use started = new ManualResetEventSlim()
        let mutable context = Unchecked.defaultof<ProgressContext>

        let progress =
            console
                .Progress()
                .AutoClear(true)
                .HideCompleted(true)
                .Columns(TaskDescriptionColumn(Alignment = Justify.Left), ProgressBarColumn(Width = 24), PaceColumn paces)

        let draw () =
            progress.Start(fun given ->
                context <- given
                started.Set()
                ended.Wait())

        let thread = Thread(draw, IsBackground = true, Name = "progress")
        thread.Start()
        started.Wait()
        display <- Some(context, thread)
        context

    let bar label =
        match bars.TryGetValue label with
        | true, bar -> bar
        | _ ->
            let context = display |> Option.map fst |> Option.defaultWith start
            let bar = context.AddTask(Markup.Escape label, maxValue = 1.0), ProgressMeter()
            bars[label] <- bar
            bar

    let progress label (report: StageEvent.Progress) =
        let task, meter = bar label

        let pace = meter.Report(report.Unit, report.Done, report.Total, report.Note, clock.Elapsed)

        lock paces (fun () -> paces[task.Id] <- pace)

        task.Value <- if report.Total > 0L then min 0.999 (float report.Done / float report.Total) else 0.0

    let finish label =
        match bars.TryGetValue label with
        | true, (task, _) ->
            task.Value <- 1.0
            task.StopTask()
            bars.Remove label |> ignore
        | _ -> ()

    let style event =
        match event with
        | EngineEvent.Failed _ -> Style(Color.Red)
        | EngineEvent.Finished _ -> Style(Color.Green)
        | EngineEvent.Reported(_, (:? StageEvent.Warning))
        | EngineEvent.Noticed _
        | EngineEvent.SetAside _
        | EngineEvent.Interrupted _
        | EngineEvent.Skipped _ -> Style(Color.Yellow)
        | _ -> Style.Plain

    let write event = EventText.line event |> Option.iter (fun line -> console.WriteLine(line, style event))

    let show event =
        match event with
        | EngineEvent.Started(label, _, _) ->
            write event
            bar label |> ignore
        | EngineEvent.Reported(label, (:? StageEvent.Progress as report)) -> progress label report
        | EngineEvent.Finished(label, _, _, _)
        | EngineEvent.Failed(label, _, _)
        | EngineEvent.Interrupted label ->
            finish label
            write event
        | event -> write event

    interface EventView with
        member _.Show event = lock bars (fun () -> show event)

        member _.Say text = lock bars (fun () -> console.WriteLine text)

        member _.Dispose() =
            ended.Set()
            display |> Option.iter (fun (_, thread) -> thread.Join())
            ended.Dispose()
