module PUNet.Dsl.Tests.PlanTests

open Expecto
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private status place epochs label = planSmall place epochs |> List.find (fun (given, _) -> given = label) |> snd

[<Tests>]
let tests =
    testList
        "plan"
        [ test "before the first run a stage has never run, and the others wait for it" {
              use place = new Workplace()
              writeToyData place
              Expect.equal (status place 5 "prepare(toy)") (PlanStatus.Run RunReason.NeverRun) ""
              Expect.equal (status place 5 "pretrain") (PlanStatus.Waiting([ "prepare(toy)" ], [], None)) ""
              Expect.equal (status place 5 "promptTune(lungs)") (PlanStatus.Waiting([ "prepare(toy)"; "pretrain" ], [], None)) ""
          }

          test "after a run everything is cached" {
              use place = new Workplace()
              writeToyData place
              runSmall place (FakeRunner()) 5 |> ignore
              Expect.all (planSmall place 5) (fun (_, status) -> status.IsCached) ""
          }

          test "a changed setting is told with its old and new value" {
              use place = new Workplace()
              writeToyData place
              runSmall place (FakeRunner()) 5 |> ignore

              match status place 6 "promptTune(bone)" with
              | PlanStatus.Run(RunReason.Changed(_, [ change ])) -> Expect.equal (string change) "epochs: 5 → 6" ""
              | other -> failtest $"{other}"

              Expect.isTrue (status place 6 "fineTune(bone)").IsCached ""

              match status place 6 "evaluate(promptTune(bone))" with
              | PlanStatus.Waiting([ "promptTune(bone)" ], [], Some _) -> ()
              | other -> failtest $"the former result may stay: {other}"

              Expect.isTrue (status place 6 "evaluate(fineTune(bone))").IsCached ""
          }

          test "a changed file is told as the changed content of the input" {
              use place = new Workplace()
              writeToyData place
              runSmall place (FakeRunner()) 5 |> ignore
              place.Write("toy/a_seg.nii.gz", "other labels")

              match status place 5 "prepare(toy)" with
              | PlanStatus.Run(RunReason.Changed(_, [ change ])) -> Expect.equal change.Field "inputs.source" ""
              | other -> failtest $"{other}"
          }

          test "another device is told" {
              use place = new Workplace()
              writeToyData place
              runSmall place (FakeRunner()) 5 |> ignore
              let options = { place.Options with Environment = KeyEnvironment.forDevice "cuda" }
              let entry = Plan.make options (Graph.ofExperiment (smallExperiment 5)) |> List.item 1

              match entry.Status with
              | PlanStatus.Run(RunReason.Changed(_, [ change ])) -> Expect.equal (string change) "environment.device: cpu → cuda" ""
              | other -> failtest $"{other}"
          }

          test "changed code is told with the functions that changed" {
              use place = new Workplace()
              writeToyData place

              let options (code: string) : RunOptions =
                  let functions kind =
                      if kind = "pretrain" then
                          Map [ "PUNet.Core.Losses.FocalLoss::forward(Tensor)→Tensor", code; "PUNet.Core.Losses.FocalLoss", "1" ]
                      else
                          Map.empty

                  let hash spec = Code.CodeHash.ofFunctions (functions (StageSpec.kind spec))

                  { place.Options with
                      Environment = { place.Options.Environment with Code = hash; Functions = functions } }

              FakeRunner().Run(options "1", (smallExperiment 5).Outputs) |> ignore
              let entries = Plan.make (options "2") (Graph.ofExperiment (smallExperiment 5))
              Expect.isTrue entries[0].Status.IsCached "the preparation runs other code"

              match entries[1].Status with
              | PlanStatus.Run(RunReason.Changed(_, [ change ])) -> Expect.equal (string change) "code: FocalLoss.forward changed" ""
              | other -> failtest $"{other}"
          }

          test "missing data are told" {
              use place = new Workplace()

              match status place 5 "prepare(toy)" with
              | PlanStatus.MissingInput what -> Expect.stringContains what "does not exist" ""
              | other -> failtest $"{other}"
          }

          test "a forced stage is told as forced" {
              use place = new Workplace()
              writeToyData place
              runSmall place (FakeRunner()) 5 |> ignore
              let options = { place.Options with Force = Set [ "pretrain" ] }
              let entries = Plan.make options (Graph.ofExperiment (smallExperiment 5))
              Expect.equal entries[1].Status (PlanStatus.Run RunReason.Forced) ""
          } ]
