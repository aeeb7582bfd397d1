/// Tells of a script that ends the process while it declares: without it nothing would be run and nothing be said.
module PUNet.Cli.Scripts.ExitGuard

open System
open System.Runtime.InteropServices
open PUNet.Cli
open PUNet.Dsl

/// The script that is being evaluated.
let mutable private evaluated: string option = None

/// Lets `tell` have the fault when a script ends the process, which then ends with the code of an invalid script. Once per process.
let install (tell: Problem -> unit) =
    AppDomain.CurrentDomain.ProcessExit.Add(fun _ ->
        match evaluated with
        | Some script ->
            tell (
                Problem.at
                    { File = script; Line = 1; Column = 1 }
                    "the script ended the process itself, and nothing was run"
                    "a script only declares, and is run once it has come to its end"
                    ""
                    "leave out what ends the process, and stop with failwith \"…\" where something is wrong"
            )

            Environment.ExitCode <- ExitCode.Invalid
        | None -> ())

/// Evaluates a script under the guard. A signal from outside may end the process.
let during (script: string) (work: unit -> 'Result) =
    let former = evaluated
    let forget (_: PosixSignalContext) = evaluated <- None
    use _ = PosixSignalRegistration.Create(PosixSignal.SIGTERM, forget)
    use _ = PosixSignalRegistration.Create(PosixSignal.SIGINT, forget)
    evaluated <- Some script

    try
        work ()
    finally
        evaluated <- former
