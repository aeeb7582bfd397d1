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

/// The deepest line of the script's own files on the way to the exception; line 0 of the script where none is known.
let private position (files: ScriptFiles) (error: exn) =
    let own = files.Sources |> List.map fst |> Set.ofList

    StackTrace(error, true).GetFrames()
    |> Seq.choose (fun frame ->
        match frame.GetFileName() with
        | null -> None
        | file when own.Contains(Path.GetFullPath file) ->
            Some
                { File = Path.GetFullPath file
                  Line = frame.GetFileLineNumber()
                  Column = frame.GetFileColumnNumber() }
        | _ -> None)
    |> Seq.tryHead
    |> Option.defaultValue { File = files.Script; Line = 1; Column = 1 }

/// The fault of a script that compiled and then raised this.
let problem (files: ScriptFiles) (error: exn) =
    let error = innermost error

    Problem.at (position files error) $"the script stopped with an error: {PUNet.Core.Common.FailureText.Of error}" "" "" ""
