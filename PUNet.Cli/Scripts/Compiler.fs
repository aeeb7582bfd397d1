/// Compiles a script to a library, ahead of running it. Only here and in Session is the F# compiler loaded.
module PUNet.Cli.Scripts.Compiler

open System
open FSharp.Compiler.CodeAnalysis
open PUNet.Dsl

/// Writes the library, or gives every fault the compiler finds.
let compile (script: string) (output: string) : Result<unit, Problem list> =
    let arguments = [ "fsc"; $"-o:{output}" ] @ CompilerFlags.all @ CompilerFlags.references @ [ script ]

    let diagnostics, failure = FSharpChecker.Create().Compile(Array.ofList arguments) |> Async.RunSynchronously

    match Diagnostics.problems diagnostics, failure with
    | [], None -> Ok()
    | [], Some failure -> raise (InvalidOperationException($"The F# compiler failed on {script}: {failure.Message}", failure))
    | problems, _ -> Error problems
