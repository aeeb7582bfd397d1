module PUNet.Cli.Tests.ExperimentTests

open System.IO
open Expecto
open PUNet.Cli.Commands
open PUNet.Cli.Tests.ProgramUnderTest

let private scripts =
    Directory.EnumerateFiles(Path.Combine(repository, "experiments"), "*.fsx")
    |> Seq.filter (fun path -> Path.GetFileName path <> "punet.fsx")
    |> Seq.sort
    |> List.ofSeq

[<Tests>]
let tests =
    testSequenced
    <| testList
        "experiments"
        [ test "there are experiments" { Expect.isNonEmpty scripts "" }

          for script in scripts do
              test $"{Path.GetFileName script} declares stages without a fault" {
                  match Declarations.read script [] with
                  | Ok declared -> Expect.isNonEmpty declared.Graph.Nodes ""
                  | Error fault -> failtest (String.concat "\n" fault.Lines)
              }

          test "the quick start also works under dotnet fsi" {
              let ended = execute repository "dotnet" [ "fsi"; "experiments/quickstart.fsx" ]
              Expect.equal ended.Code 0 ended.Error
              Expect.equal ended.Error "" ""
          } ]
