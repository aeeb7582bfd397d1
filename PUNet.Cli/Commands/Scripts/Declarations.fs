/// Reads what a script declares, and hosts the parts of it that go on later.
module PUNet.Cli.Commands.Declarations

open System.IO
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.Scripts
open PUNet.Dsl
open PUNet.Dsl.Engine

/// Evaluates the script with these arguments and checks everything it declares: all faults at once.
let read (script: string) (given: (string * string) list) : Result<Declarations, Fault> =
    let script = Path.GetFullPath script
    let mutable evaluated = Ok()

    let collected, asked =
        ScriptArguments.during given (fun () -> Declared.collect (fun () -> evaluated <- ScriptHost.evaluate script))

    result {
        do! evaluated
        return! Declarations.make script given collected asked
    }
    |> Result.mapError InScript

/// The host of the script's later parts.
let host (declared: Declarations) : Continuation.Host = { Guard = ScriptHost.guard declared.Script; Figure = Stages.figure }
