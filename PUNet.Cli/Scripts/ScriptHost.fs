/// Evaluates an experiment script.
module PUNet.Cli.Scripts.ScriptHost

open System
open System.IO
open System.Runtime.CompilerServices
open PUNet.Dsl
open PUNet.Dsl.Engine

// Kept apart, so that the F# compiler's assembly is loaded only when it works.
[<MethodImpl(MethodImplOptions.NoInlining)>]
let private compile script output = Compiler.compile script output |> Result.map (fun compiled -> compiled.Inputs, compiled.NeedsSession)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let private runInSession script = Session.run script

let private runAs (script: string) (library: string option) =
    match library with
    | Some library -> CompiledScript.run script library
    | None -> runInSession script

let private run (script: string) =
    let compileAndRun () = ScriptCache.add script (compile script) |> Result.bind (runAs script)

    match ScriptCache.find script, UserCache.whyNotKept () with
    | ScriptCache.Ready library, _ -> runAs script library
    | ScriptCache.Unfit why, _ ->
        Console.Error.WriteLine $"the compiled form of {Path.GetFileName script} {why}; it is compiled again"
        compileAndRun ()
    | ScriptCache.Missing, None -> compileAndRun ()
    | ScriptCache.Missing, Some why ->
        Console.Error.WriteLine $"each start compiles the script, as compiled scripts cannot be kept: {why}"
        compileAndRun ()

/// What a script prints while it declares is no result of the command: it goes where messages go.
let private withMessages (work: unit -> 'Result) =
    let output = Console.Out
    Console.SetOut Console.Error

    try
        work ()
    finally
        Console.SetOut output

/// Runs the script, or gives every fault found.
let evaluate (script: string) : Result<unit, Problem list> =
    let script = Path.GetFullPath script

    if not (File.Exists script) then
        Error [ Problem.at { File = script; Line = 1; Column = 1 } "there is no such script" "" "" "" ]
    else
        withMessages (fun () -> ExitGuard.during script (fun () -> run script))

/// Does work of the script's own after it was evaluated, as the parts of a pipeline are; what it raises is a fault with its place.
let guard (script: string) (work: unit -> unit) : Result<unit, Problem list> =
    try
        withMessages (fun () -> ExitGuard.during script work)
        Ok()
    with error ->
        Error [ RuntimeFault.problem script error ]
