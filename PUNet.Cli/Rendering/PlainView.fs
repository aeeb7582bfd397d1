namespace PUNet.Cli.Rendering

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open PUNet.Core.Common
open PUNet.Dsl.Engine

/// Lines for logs and pipes: every event, and a stage's progress once in a few seconds.
[<Sealed>]
type PlainView(output: TextWriter, interval: TimeSpan) =
    let clock = Stopwatch.StartNew()
    let meters = Dictionary<string, ProgressMeter>()
    let told = Dictionary<string, TimeSpan>()

    let meter label now =
        match meters.TryGetValue label with
        | true, meter -> meter
        | _ ->
            let meter = ProgressMeter()
            meters[label] <- meter
            told[label] <- now
            meter

    let progress label (report: StageEvent.Progress) =
        let now = clock.Elapsed

        let pace = (meter label now).Report(report.Unit, report.Done, report.Total, report.Note, now)

        if now - told[label] >= interval then
            told[label] <- now
            output.WriteLine $"{label}: {pace}, {Memory.show ()}"

    interface EventView with
        member _.Show event =
            lock meters (fun () ->
                match event with
                | EngineEvent.Reported(label, (:? StageEvent.Progress as report)) -> progress label report
                | event -> EventText.line event |> Option.iter output.WriteLine

                output.Flush())

        member _.Say text =
            lock meters (fun () ->
                output.WriteLine text
                output.Flush())

        member _.Dispose() = ()
