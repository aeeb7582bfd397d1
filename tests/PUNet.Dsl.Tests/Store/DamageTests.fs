module PUNet.Dsl.Tests.DamageTests

open System
open System.IO
open Expecto
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

/// A runner whose results depend on the bytes that it finds, as those of real stages do.
let private reader () =
    let runner = FakeRunner()

    runner.Content <-
        fun work ->
            let bytes =
                [ for folder in work.Inputs.Values do
                      for path in ContentHash.filesBelow folder do
                          if ContentHash.isContent path then
                              File.ReadAllText(Path.Combine(folder, path)) ]

            Canonical.hashText (Canonical.toJson (StageSpec.parameters work.Spec) + String.concat "," bytes)

    runner

type private Toy(place: Workplace, runner: FakeRunner) =
    let store = Store.at place.Store
    let key label = (Store.entries store |> List.filter (fun entry -> entry.Label = label) |> List.maxBy _.Ended).Key
    member _.Place = place
    member _.Runner = runner
    member _.Store = store
    /// The file that a stage wrote.
    member _.File(label: string) = Path.Combine(store.Artifact(key label), "result.txt")
    /// Takes a result away, so that its stage runs again.
    member _.Remove(label: string) = Directory.Delete(store.Artifact(key label), true)
    member _.Contents = Worker.contents place.Store

    /// Runs, and gives the stages that ran.
    member _.Run() =
        runner.Forget()
        Expect.isTrue (runSmall place runner 5).Succeeded "the run repairs what it needs"
        runner.Ran

    member _.Told =
        [ for event in runner.Events do
              match event with
              | EngineEvent.SetAside(label, what, _) -> label, what
              | _ -> () ]

    member _.MustBeWhole() = Expect.isEmpty (Store.entries store |> List.collect (StoreVerification.faults store)) "contents as hashed"

let private withRun work =
    use place = new Workplace()
    writeToyData place
    let toy = Toy(place, reader ())
    toy.Run() |> ignore
    work toy

/// The stages that read a result, and that result's own.
let private readers =
    [ "prepare(toy)", [ "pretrain" ]
      "pretrain", [ "promptTune(lungs)"; "fineTune(bone)" ]
      "promptTune(bone)", [ "evaluate(promptTune(bone))" ]
      "evaluate(fineTune(lungs))", [ "table(toy)" ] ]

let private expectFailure (result: RunResult) label (words: string list) =
    match result.Outcomes |> List.find (fun (node, _) -> node.Label = label) |> snd with
    | StageOutcome.Failed(reason, _) -> words |> List.iter (fun word -> Expect.stringContains reason word "")
    | other -> failtest $"{other}"

[<Tests>]
let tests =
    testList
        "damaged results"
        [ for damaged, reading in readers do
              test $"a flipped bit in the result of {damaged} reaches nothing: its stage runs again before what reads it" {
                  withRun (fun toy ->
                      let contents = toy.Contents
                      Damage.flip (toy.File damaged)
                      reading |> List.iter toy.Remove
                      let ran = toy.Run()
                      Expect.equal (List.head ran) damaged "first"
                      Expect.equal (List.sort ran) (List.sort (damaged :: reading)) "and nothing else"
                      Expect.equal toy.Told [ damaged, "result.txt has another content" ] "told once"
                      Expect.equal toy.Contents contents "every result is what it was"
                      toy.MustBeWhole())
              }

          test "a damaged result that no stage reads is left alone, whatever was computed from it" {
              withRun (fun toy ->
                  Damage.flip (toy.File "pretrain")
                  Expect.isEmpty (toy.Run()) "all is cached")
          }

          test "damage behind a damaged result is repaired first" {
              withRun (fun toy ->
                  let contents = toy.Contents
                  Damage.flip (toy.File "prepare(toy)")
                  Damage.flip (toy.File "pretrain")
                  toy.Remove "fineTune(lungs)"
                  // the tuning meets the damaged dataset, then the damaged backbone, whose stage reads the dataset made anew
                  Expect.equal (List.sort (toy.Run())) (List.sort [ "prepare(toy)"; "pretrain"; "fineTune(lungs)" ]) ""
                  Expect.equal toy.Contents contents ""
                  toy.MustBeWhole())
          }

          test "a result that is damaged while a stage reads it gives nothing that is kept, and no checkpoint" {
              withRun (fun toy ->
                  let contents = toy.Contents
                  toy.Remove "promptTune(bone)"
                  let mutable times = 0

                  toy.Runner.Before <-
                      fun work ->
                          if work.Label = "promptTune(bone)" then
                              times <- times + 1
                              Expect.isEmpty (Directory.GetFiles(work.Work, "checkpoint")) "nothing to go on from"

                              if times = 1 then
                                  Damage.flip (toy.File "pretrain")
                                  File.WriteAllText(Path.Combine(work.Work, "checkpoint"), "from damaged weights")

                  Expect.equal (toy.Run()) [ "promptTune(bone)"; "pretrain"; "promptTune(bone)" ] ""
                  Expect.equal toy.Contents contents ""
                  toy.MustBeWhole())
          }

          test "checkpoints of a stopped run go where its input turns out damaged" {
              withRun (fun toy ->
                  let contents = toy.Contents
                  toy.Remove "promptTune(bone)"
                  use stop = new Threading.CancellationTokenSource()

                  toy.Runner.Before <-
                      fun work ->
                          File.WriteAllText(Path.Combine(work.Work, "checkpoint"), "from damaged weights")
                          stop.Cancel()
                          stop.Token.ThrowIfCancellationRequested()

                  Expect.isTrue (toy.Runner.Run(toy.Place.Options, (smallExperiment 5).Outputs, stop.Token)).WasInterrupted ""
                  Damage.flip (toy.File "pretrain")

                  toy.Runner.Before <-
                      fun work -> Expect.isEmpty (Directory.GetFiles work.Work |> Array.filter _.EndsWith("checkpoint")) work.Label

                  Expect.equal (toy.Run()) [ "pretrain"; "promptTune(bone)" ] ""
                  Expect.equal toy.Contents contents "")
          }

          test "a stage that fails on an input that was damaged meanwhile is tried again" {
              withRun (fun toy ->
                  let contents = toy.Contents
                  toy.Remove "promptTune(bone)"
                  let mutable times = 0

                  toy.Runner.Before <-
                      fun work ->
                          if work.Label = "promptTune(bone)" then
                              times <- times + 1

                              if times = 1 then
                                  File.Delete(toy.File "pretrain")
                                  failwith "the weights cannot be read"

                  Expect.equal (toy.Run()) [ "promptTune(bone)"; "pretrain"; "promptTune(bone)" ] ""
                  Expect.equal toy.Contents contents "")
          }

          test "where a repaired result comes out otherwise, everything that was made from the former one follows in the same run" {
              withRun (fun toy ->
                  let content = toy.Runner.Content
                  let salt = ref ""

                  toy.Runner.Content <- fun work -> if work.Label = "pretrain" then $"{content work} {salt.Value}" else content work

                  toy.Remove "pretrain"
                  toy.Run() |> ignore
                  salt.Value <- "other"
                  Damage.flip (toy.File "pretrain")
                  toy.Remove "fineTune(bone)" // runs last; the others are seen as cached before that
                  let ran = toy.Run()
                  Expect.equal (List.head ran) "pretrain" ""
                  Expect.containsAll ran [ "promptTune(lungs)"; "promptTune(bone)"; "fineTune(lungs)"; "fineTune(bone)"; "table(toy)" ] ""
                  Expect.all (planSmall toy.Place 5) (fun (_, status) -> status.IsCached) "one run was enough")
          }

          test "stages side by side that meet one damaged result repair it once" {
              withRun (fun toy ->
                  let contents = toy.Contents
                  let tunings = [ "promptTune(lungs)"; "promptTune(bone)"; "fineTune(lungs)"; "fineTune(bone)" ]
                  Damage.flip (toy.File "pretrain")
                  tunings |> List.iter toy.Remove
                  toy.Runner.Forget()
                  let result = toy.Runner.Run({ toy.Place.Options with Jobs = 4 }, (smallExperiment 5).Outputs)
                  Expect.isTrue result.Succeeded ""
                  Expect.equal (List.sort toy.Runner.Ran) (List.sort ("pretrain" :: tunings)) "each once"
                  Expect.equal toy.Contents contents "")
          }

          test "a result that is damaged each time it is made ends the stage that reads it, with the reason" {
              withRun (fun toy ->
                  toy.Remove "promptTune(bone)"

                  toy.Runner.Before <-
                      fun work ->
                          if work.Label = "promptTune(bone)" then
                              Damage.flip (toy.File "pretrain")

                  let result = runSmall toy.Place toy.Runner 5
                  expectFailure result "promptTune(bone)" [ "the result of pretrain is damaged again"; "check the disk"; toy.Place.Store ]
                  Expect.isFalse (Map.containsKey "promptTune(bone)" toy.Contents) "nothing was kept")
          }

          test "a damaged table is planned as such and made again, since people read it as it lies there" {
              withRun (fun toy ->
                  Damage.flip (toy.File "table(toy)")

                  match planSmall toy.Place 5 |> List.find (fun (label, _) -> label = "table(toy)") |> snd with
                  | PlanStatus.Run(RunReason.Damaged(_, what)) -> Expect.equal what "result.txt has another content" ""
                  | other -> failtest $"{other}"

                  Expect.equal (toy.Run()) [ "table(toy)" ] ""
                  toy.MustBeWhole())
          } ]
