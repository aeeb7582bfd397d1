module PUNet.Dsl.Tests.Program

open Expecto

[<EntryPoint>]
let main argv =
    match List.ofArray argv with
    | [ "worker"; store; data; notes ] -> Worker.run store data notes
    | _ -> runTestsInAssemblyWithCLIArgs [] argv
