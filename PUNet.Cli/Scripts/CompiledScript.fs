/// Runs a script that was compiled ahead.
module PUNet.Cli.Scripts.CompiledScript

open System.Reflection
open PUNet.Dsl

/// Loads the library and evaluates the script's values in order.
let run (script: string) (library: string) : Result<unit, Problem list> =
    match Assembly.LoadFrom(library).EntryPoint with
    | null -> invalidOp $"{library} has no entry point."
    | entry ->
        let arguments: objnull array = if entry.GetParameters().Length = 0 then [||] else [| Array.empty<string> |]

        try
            entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null) |> ignore

            Ok()
        with error ->
            Error [ RuntimeFault.problem script error ]
