/// One JSON object per line, for other programs.
module PUNet.Cli.Rendering.JsonLine

open System
open System.IO
open System.Text
open System.Text.Encodings.Web
open System.Text.Json
open PUNet.Core.Common
open PUNet.Dsl
open PUNet.Dsl.Engine

let private options = JsonWriterOptions(Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true)

/// An object with a field `event` and what `write` adds.
let make (event: string) (write: Utf8JsonWriter -> unit) =
    use buffer = new MemoryStream()
    use writer = new Utf8JsonWriter(buffer, options)
    writer.WriteStartObject()
    writer.WriteString("event", event)
    write writer
    writer.WriteEndObject()
    writer.Flush()
    Encoding.UTF8.GetString(buffer.GetBuffer(), 0, int buffer.Length)

/// A field with a number, or null where there is none.
let number (writer: Utf8JsonWriter) (name: string) (value: float option) =
    match value with
    | Some value -> writer.WriteNumber(name, value)
    | None -> writer.WriteNull name

let private report (writer: Utf8JsonWriter) (report: StageEvent) =
    match report with
    | :? StageEvent.Progress as progress ->
        writer.WriteString("unit", progress.Unit)
        writer.WriteNumber("done", progress.Done)
        writer.WriteNumber("total", progress.Total)
        writer.WriteString("note", progress.Note)
        writer.WriteNumber("memory", System.Environment.WorkingSet)
    | :? StageEvent.Metric as metric ->
        writer.WriteString("name", metric.Name)
        writer.WriteNumber("step", metric.Step)
        // JSON has no number for what a diverged training yields.
        if Double.IsFinite metric.Value then
            writer.WriteNumber("value", metric.Value)
        else
            writer.WriteNull "value"
    | :? StageEvent.Message as message -> writer.WriteString("text", message.Text)
    | :? StageEvent.Warning as warning -> writer.WriteString("text", warning.Text)
    | other -> writer.WriteString("text", string other)

let private reportName (report: StageEvent) =
    match report with
    | :? StageEvent.Progress -> "progress"
    | :? StageEvent.Metric -> "metric"
    | :? StageEvent.Warning -> "warning"
    | _ -> "message"

/// The line of an event of the engine.
let ofEvent (event: EngineEvent) =
    let plain = make

    let make name (stage: string) write =
        make name (fun writer ->
            writer.WriteString("stage", stage)
            write writer)

    match event with
    | EngineEvent.Cached(label, artifact) -> make "cached" label _.WriteString("artifact", artifact)
    | EngineEvent.Started(label, reason, resumes) ->
        make "started" label (fun writer ->
            writer.WriteString("reason", reason)
            writer.WriteBoolean("resumes", resumes))
    | EngineEvent.Reported(label, told) -> make (reportName told) label (fun writer -> report writer told)
    | EngineEvent.WaitingForOther(label, holder) -> make "waiting" label _.WriteString("holder", holder)
    | EngineEvent.Finished(label, artifact, elapsed, unchanged) ->
        make "finished" label (fun writer ->
            writer.WriteString("artifact", artifact)
            writer.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3))
            writer.WriteBoolean("unchanged", unchanged))
    | EngineEvent.Failed(label, reason, _) -> make "failed" label _.WriteString("reason", reason)
    | EngineEvent.SetAside(label, what, folder) ->
        make "damaged" label (fun writer ->
            writer.WriteString("what", what)
            writer.WriteString("set_aside", folder))
    | EngineEvent.Noticed what -> plain "notice" _.WriteString("text", what)
    | EngineEvent.Skipped(label, because) -> make "skipped" label _.WriteString("because", because)
    | EngineEvent.Interrupted label -> make "interrupted" label ignore

/// The line of a fault of a script.
let ofProblem (problem: Problem) =
    let message = (string problem).Substring((string problem.Position).Length + 2)

    make "problem" (fun writer ->
        writer.WriteString("file", problem.Position.File)
        writer.WriteNumber("line", problem.Position.Line)
        writer.WriteNumber("column", problem.Position.Column)
        writer.WriteString("message", message))
