namespace PUNet.Cli.Rendering

open System.IO
open PUNet.Dsl.Engine

/// Every event as one JSON object per line.
[<Sealed>]
type JsonView(output: TextWriter) =
    let write (line: string) =
        lock output (fun () ->
            output.WriteLine line
            output.Flush())

    interface EventView with
        member _.Show event = write (JsonLine.ofEvent event)

        member _.Say text = write (JsonLine.make "message" _.WriteString("text", text))

        member _.Dispose() = ()
