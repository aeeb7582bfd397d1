/// Evaluates an experiment script.
module PUNet.Cli.Scripts.ScriptHost

open System
open System.IO
open System.Runtime.CompilerServices
open PUNet.Dsl
open PUNet.Dsl.Engine

// Kept apart, so that the F# compiler's assembly is loaded only when it works.
[<MethodImpl(MethodImplOptions.NoInlining)>]
let private compile (files: ScriptFiles) output = Compiler.compile files.Script output

[<MethodImpl(MethodImplOptions.NoInlining)>]
let private runInSession files = Session.run files

let private runCompiled (files: ScriptFiles) =
    let key = ScriptCache.key CompilerFlags.all files

    let compileAndRun () = ScriptCache.add key (compile files) |> Result.bind (CompiledScript.run files)

    match ScriptCache.find key, UserCache.whyNotKept () with
    | ScriptCache.Ready library, _ -> CompiledScript.run files library
    | ScriptCache.Unfit why, _ ->
        Console.Error.WriteLine $"the compiled form of {Path.GetFileName files.Script} {why}; it is compiled again"
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
        let files = ScriptFiles.read script

        withMessages (fun () -> if files.NeedsSession then runInSession files else runCompiled files)

/// Does work of the script's own after it was evaluated, as the parts of a pipeline are; what it raises is a fault with its place.
let guard (script: string) (work: unit -> unit) : Result<unit, Problem list> =
    try
        withMessages work
        Ok()
    with error ->
        Error [ RuntimeFault.problem (ScriptFiles.read script) error ]
