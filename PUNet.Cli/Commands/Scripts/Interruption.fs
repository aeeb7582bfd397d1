namespace PUNet.Cli.Commands

open System
open System.Runtime.InteropServices
open System.Threading

/// Ctrl-C and a request to terminate: the first one asks the running stage to stop after a checkpoint, a second one ends
/// the process at once.
[<Sealed>]
type Interruption(say: string -> unit) =
    let source = new CancellationTokenSource()

    let handle (context: PosixSignalContext) =
        if not source.IsCancellationRequested then
            context.Cancel <- true
            say "stopping after a checkpoint; once more to leave at once"
            source.Cancel()

    let signals =
        [ PosixSignal.SIGINT; PosixSignal.SIGTERM; PosixSignal.SIGHUP ]
        |> List.map (fun signal -> PosixSignalRegistration.Create(signal, handle))

    /// Cancelled by the first signal.
    member _.Token = source.Token

    interface IDisposable with
        member _.Dispose() =
            for signal in signals do
                signal.Dispose()

            source.Dispose()
