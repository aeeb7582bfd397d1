module PUNet.Dsl.Tests.Program

open Expecto

[<EntryPoint>]
let main argv =
    match List.ofArray argv with
    | [ "worker"; store; data; notes ] -> Worker.run store data notes
    | "hashes" :: kinds ->
        for kind in kinds do
            printfn $"{kind} {PUNet.Dsl.Engine.Code.CodeHash.ofKind kind}"

        0
    | [ "trace"; folder ] -> Code.StageTrace.run folder
    | _ -> runTestsInAssemblyWithCLIArgs [] argv
