/// Compiles a script to a library, ahead of running it. Only here and in Session is the F# compiler loaded.
module PUNet.Cli.Scripts.Compiler

open System
open System.IO
open FSharp.Compiler.CodeAnalysis
open PUNet.Dsl

/// What came of compiling a script.
type Compiled =
    {
        Inputs: ScriptInputs
        /// Whether it asks for packages or libraries of its own (`#r`): then the library that was written is of no use.
        NeedsSession: bool
    }

/// Writes the library, or gives every fault the compiler finds.
let compile (script: string) (output: string) : Result<Compiled, Problem list> =
    let files = CompilerFiles(Path.GetDirectoryName output |> Option.ofObj |> Option.defaultValue ".")
    let arguments = [ "fsc"; $"-o:{output}" ] @ CompilerFlags.all @ CompilerFlags.references @ [ script ]
    Session.quietPackages ()

    let diagnostics, failure =
        files.During(fun () -> FSharpChecker.Create().Compile(Array.ofList arguments) |> Async.RunSynchronously)

    let compiled = { Inputs = files.Inputs; NeedsSession = files.NeedsSession }

    match Diagnostics.problems diagnostics, failure with
    | _ when compiled.NeedsSession -> Ok compiled // whose own findings count
    | [], None -> Ok compiled
    | [], Some failure -> raise (InvalidOperationException($"The F# compiler failed on {script}: {failure.Message}", failure))
    | problems, _ -> Error problems
