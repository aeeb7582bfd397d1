/// Work that a person watches in lines on standard error, and may interrupt.
module PUNet.Cli.Commands.Watched

open System
open System.Threading
open PUNet.Cli
open PUNet.Cli.Rendering
open PUNet.Core.Common
open PUNet.Dsl.Engine

/// Between two lines of progress.
let lineInterval = TimeSpan.FromSeconds 5.0

/// Does the work with a view and a token that Ctrl-C cancels; the exit code of the work, or that of an interruption.
let run (work: EventView -> CancellationToken -> Result<int, Fault>) : Result<int, Fault> =
    use view = new PlainView(Console.Error, lineInterval) :> EventView
    use interruption = new Interruption(fun _ -> view.Say "stopping")

    try
        work view interruption.Token
    with :? OperationCanceledException ->
        Ok ExitCode.Interrupted

/// Shows what a part of the work tells.
let reported (view: EventView) (part: string) (told: StageEvent) = view.Show(EngineEvent.Reported(part, told))
