/// An exception that a script's own code raised, as a fault with file and line.
module PUNet.Cli.Scripts.RuntimeFault

open System
open System.Diagnostics
open System.IO
open System.Reflection
open PUNet.Dsl

/// What the runtime wraps around an exception in a script's initialisation says nothing to its author.
let rec private innermost (error: exn) =
    match error, Option.ofObj error.InnerException with
    | :? TypeInitializationException, Some inner
    | :? TargetInvocationException, Some inner -> innermost inner
    | _ -> error

/// Whether a method belongs to a script: its library is in the cache, or in memory alone, and not one of this program.
let private isScripts (frame: StackFrame) =
    match frame.GetMethod() with
    | null -> false
    | method -> not (method.Module.Assembly.Location.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal))

/// The deepest line of the script's own files on the way to the exception; its first line where none is known.
let private position (script: string) (error: exn) =
    StackTrace(error, true).GetFrames()
    |> Seq.filter isScripts
    |> Seq.choose (fun frame ->
        match frame.GetFileName() with
        | null -> None
        | file when File.Exists file ->
            Some
                { File = Path.GetFullPath file
                  Line = frame.GetFileLineNumber()
                  Column = frame.GetFileColumnNumber() }
        | _ -> None)
    |> Seq.tryHead
    |> Option.defaultValue { File = script; Line = 1; Column = 1 }

/// The fault of a script that compiled and then raised this.
let problem (script: string) (error: exn) =
    let error = innermost error

    Problem.at (position script error) $"the script stopped with an error: {PUNet.Core.Common.Native.FailureText.Of error}" "" "" ""
