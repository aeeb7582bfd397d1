module PUNet.Dsl.Tests.ExecutorTests

open System
open System.IO
open System.Threading
open Expecto
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private all =
    [ "prepare(toy)"
      "pretrain"
      "promptTune(lungs)"
      "evaluate(promptTune(lungs))"
      "promptTune(bone)"
      "evaluate(promptTune(bone))"
      "fineTune(lungs)"
      "evaluate(fineTune(lungs))"
      "fineTune(bone)"
      "evaluate(fineTune(bone))"
      "table(toy)" ]

let private withToy work =
    use place = new Workplace()
    writeToyData place
    work place (FakeRunner())

let private filesOf (folder: string) =
    if Directory.Exists folder then
        [ for path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) -> path, File.GetLastWriteTimeUtc path ]
    else
        []

[<Tests>]
let tests =
    testList
        "executor"
        [ test "the first run runs everything in order, the second nothing" {
              withToy (fun place runner ->
                  Expect.isTrue (runSmall place runner 5).Succeeded "first"
                  Expect.sequenceEqual runner.Ran all ""
                  runner.Forget()
                  Expect.isTrue (runSmall place runner 5).Succeeded "second"
                  Expect.isEmpty runner.Ran "")
          }

          test "independent stages run side by side, as many as there are jobs, and never before their inputs" {
              withToy (fun place runner ->
                  use together = new Barrier(2)
                  let finished = System.Collections.Concurrent.ConcurrentBag<string>()

                  runner.Before <-
                      fun work ->
                          if work.Label = "promptTune(lungs)" || work.Label = "promptTune(bone)" then
                              Expect.contains finished "pretrain" work.Label
                              Expect.isTrue (together.SignalAndWait 30_000) "both tunings wait for each other"

                          finished.Add work.Label

                  let result = runner.Run({ place.Options with Jobs = 2 }, (smallExperiment 5).Outputs)
                  Expect.isTrue result.Succeeded ""
                  Expect.containsAll runner.Ran all "")
          }

          test "a changed setting of the tuning reruns the tunings, their evaluations and the table" {
              withToy (fun place runner ->
                  runSmall place runner 5 |> ignore
                  runner.Forget()
                  runSmall place runner 6 |> ignore

                  Expect.sequenceEqual
                      runner.Ran
                      (all |> List.filter (fun label -> label.Contains "promptTune" || label = "table(toy)"))
                      "")
          }

          test "what follows a stage that ran again with the same bytes is not rerun" {
              withToy (fun place runner ->
                  runner.Content <- fun work -> if work.Label.StartsWith "promptTune" then "same" else StageSpec.kind work.Spec
                  runSmall place runner 5 |> ignore
                  runner.Forget()
                  runSmall place runner 6 |> ignore
                  Expect.sequenceEqual runner.Ran [ "promptTune(lungs)"; "promptTune(bone)" ] ""

                  let unchanged =
                      runner.Events
                      |> List.filter (function
                          | EngineEvent.Finished(_, _, _, unchanged) -> unchanged
                          | _ -> false)

                  Expect.equal unchanged.Length 2 "told as unchanged")
          }

          test "logs do not count as content" {
              withToy (fun place runner ->
                  runner.Before <-
                      fun work ->
                          Directory.CreateDirectory(Path.Combine(work.Output, "log")) |> ignore
                          File.WriteAllText(Path.Combine(work.Output, "log", "times.txt"), Guid.NewGuid().ToString())

                  runner.Content <- fun work -> StageSpec.kind work.Spec
                  runSmall place runner 5 |> ignore
                  runner.Forget()
                  runner.Run({ place.Options with Force = Set [ "pretrain" ] }, (smallExperiment 5).Outputs) |> ignore
                  Expect.sequenceEqual runner.Ran [ "pretrain" ] "")
          }

          test "a file that is touched, or added without belonging to the dataset, changes nothing; a changed one reruns" {
              withToy (fun place runner ->
                  runSmall place runner 5 |> ignore
                  runner.Forget()
                  File.SetLastWriteTimeUtc(Path.Combine(place.Data, "toy/a_ct.nii.gz"), DateTime.UtcNow)
                  place.Write("toy/README.md", "text")
                  runSmall place runner 5 |> ignore
                  Expect.isEmpty runner.Ran "cosmetic"
                  place.Write("toy/a_seg.nii.gz", "labels with one other voxel")
                  runSmall place runner 5 |> ignore
                  Expect.sequenceEqual runner.Ran all "")
          }

          test "a file that changes while it is read ends the stage, and nothing is kept under either content" {
              withToy (fun place runner ->
                  let change =
                      [ "edited", (fun () -> place.Write("toy/a_seg.nii.gz", "written meanwhile"))
                        "added",
                        (fun () ->
                            place.Write("toy/d_ct.nii.gz", "image")
                            place.Write("toy/d_seg.nii.gz", "labels"))
                        "removed", (fun () -> File.Delete(Path.Combine(place.Data, "toy/d_seg.nii.gz"))) ]

                  for what, change in change do
                      runner.Before <-
                          fun work ->
                              if work.Label = "prepare(toy)" then
                                  change ()

                      let result = runSmall place runner 5

                      match snd result.Outcomes.Head with
                      | StageOutcome.Failed(reason, _) -> Expect.stringContains reason "toy changed while the stage ran (" what
                      | other -> failtest $"{what}: {other}"

                      Expect.isEmpty (Store.entries (Store.at place.Store)) what

                  File.Delete(Path.Combine(place.Data, "toy/d_ct.nii.gz"))
                  runner.Before <- ignore
                  Expect.isTrue (runSmall place runner 5).Succeeded "the next run takes the files as they are")
          }

          test "a moved data folder changes nothing" {
              withToy (fun place runner ->
                  runSmall place runner 5 |> ignore
                  runner.Forget()
                  let elsewhere = Path.Combine(place.Folder, "Daten ä")
                  Directory.Move(place.Data, elsewhere)
                  runner.Run({ place.Options with DataFolder = elsewhere }, (smallExperiment 5).Outputs) |> ignore
                  Expect.isEmpty runner.Ran "")
          }

          test "a failing stage ends what depends on it and nothing else; the next run goes on from there" {
              withToy (fun place runner ->
                  runner.Before <-
                      fun work ->
                          if work.Label = "promptTune(lungs)" then
                              failwith "no convergence"

                  let result = runSmall place runner 5
                  Expect.isFalse result.Succeeded ""
                  let outcome label = result.Outcomes |> List.find (fun (node, _) -> node.Label = label) |> snd

                  match outcome "promptTune(lungs)" with
                  | StageOutcome.Failed(reason, _) -> Expect.equal reason "no convergence" ""
                  | other -> failtest $"{other}"

                  Expect.equal (outcome "evaluate(promptTune(lungs))") (StageOutcome.Skipped "promptTune(lungs)") ""
                  Expect.equal (outcome "table(toy)") (StageOutcome.Skipped "promptTune(lungs)") ""
                  Expect.isSome (outcome "evaluate(promptTune(bone))").Artifact "independent"
                  runner.Before <- ignore
                  runner.Forget()
                  Expect.isTrue (runSmall place runner 5).Succeeded ""
                  Expect.sequenceEqual runner.Ran [ "promptTune(lungs)"; "evaluate(promptTune(lungs))"; "table(toy)" ] "")
          }

          test "what libtorch says of a failure is told in one line, and the whole of it is kept for --debug" {
              withToy (fun place runner ->
                  let first = "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0"
                  let trace = "Exception raised from infer_size_impl at /pytorch/ATen/ExpandUtils.cpp:35 (most recent call first):"
                  let said = $"{first}\n{trace}\nframe #0: c10::Error::Error(c10::SourceLocation) + 0xb0 (0x7f3a in libc10.so)"

                  runner.Before <-
                      fun work ->
                          if work.Label = "pretrain" then
                              raise (Runtime.InteropServices.ExternalException said)

                  let result = runSmall place runner 5

                  let told =
                      runner.Events
                      |> List.choose (function
                          | EngineEvent.Failed(label, reason, error) -> Some(label, reason, error.Message)
                          | _ -> None)

                  Expect.equal told [ "pretrain", $"libtorch says: {first}. That is a fault of PUNet; --debug shows where", said ] ""

                  Expect.isFalse result.Succeeded "")
          }

          test "a full disk is told as such and leaves neither an artifact nor a rest" {
              withToy (fun place runner ->
                  runner.Before <-
                      fun work ->
                          if work.Label = "pretrain" then
                              File.WriteAllText(Path.Combine(work.Output, "half.bin"), "half")
                              raise (IOException("No space left on device", 28))

                  let result = runSmall place runner 5

                  match result.Outcomes[1] |> snd with
                  | StageOutcome.Failed(reason, _) -> Expect.stringContains reason "the disk of the store is full" ""
                  | other -> failtest $"{other}"

                  Expect.equal (Store.entries (Store.at place.Store)).Length 1 "the preparation only"
                  Expect.isEmpty (Directory.EnumerateDirectories(Path.Combine(place.Store, "tmp"))) "")
          }

          test "missing data fail with the place where they were looked for" {
              use place = new Workplace()
              let result = runSmall place (FakeRunner()) 5

              match result.Outcomes[0] |> snd with
              | StageOutcome.Failed(reason, _) ->
                  Expect.stringContains reason (Path.Combine(place.Data, "toy")) ""
                  Expect.stringContains reason "--data" ""
              | other -> failtest $"{other}"
          }

          test "cancelling keeps the checkpoints, publishes nothing, and the next run resumes" {
              withToy (fun place runner ->
                  use source = new CancellationTokenSource()

                  runner.Before <-
                      fun work ->
                          if work.Label = "pretrain" then
                              File.WriteAllText(Path.Combine(work.Work, "progress.txt"), "epoch 3 of 400")
                              source.Cancel()
                              work.Cancellation.ThrowIfCancellationRequested()

                  let result = runner.Run(place.Options, (smallExperiment 5).Outputs, source.Token)
                  Expect.isTrue result.WasInterrupted ""
                  Expect.equal (planSmall place 5 |> List.item 1 |> snd) (PlanStatus.Resume "epoch 3 of 400") ""
                  let mutable found = ""

                  runner.Before <-
                      fun work ->
                          if work.Label = "pretrain" then
                              found <- File.ReadAllText(Path.Combine(work.Work, "progress.txt"))

                  Expect.isTrue (runSmall place runner 5).Succeeded ""
                  Expect.equal found "epoch 3 of 400" ""
                  Expect.isEmpty (Directory.EnumerateDirectories(Path.Combine(place.Store, "work"))) "checkpoints are gone")
          }

          test "a forced stage runs again, and what follows only if its result changed" {
              withToy (fun place runner ->
                  runSmall place runner 5 |> ignore
                  runner.Forget()
                  let options = { place.Options with Force = Set [ "pretrain" ] }
                  Expect.isTrue (runner.Run(options, (smallExperiment 5).Outputs)).Succeeded ""
                  Expect.sequenceEqual runner.Ran [ "pretrain" ] "")
          }

          test "a damaged artifact is noticed and computed again" {
              withToy (fun place runner ->
                  runSmall place runner 5 |> ignore
                  let store = Store.at place.Store
                  let entry = Store.entries store |> List.find (fun entry -> entry.Label = "promptTune(bone)")
                  File.WriteAllText(Path.Combine(store.Artifact entry.Key, "result.txt"), "x")
                  runner.Forget()

                  match planSmall place 5 |> List.find (fun (label, _) -> label = "promptTune(bone)") |> snd with
                  | PlanStatus.Run(RunReason.Damaged(_, what)) -> Expect.stringContains what "result.txt has 1 bytes" ""
                  | other -> failtest $"{other}"

                  Expect.isTrue (runSmall place runner 5).Succeeded ""
                  Expect.sequenceEqual runner.Ran [ "promptTune(bone)" ] "")
          }

          test "what a stage reports goes through the one stream, under its label" {
              withToy (fun place runner ->
                  runner.Before <- fun work -> work.Report(PUNet.Core.Common.StageEvent.Message $"at {work.Label}")
                  runSmall place runner 5 |> ignore

                  let told =
                      runner.Events
                      |> List.choose (function
                          | EngineEvent.Reported(label, (:? PUNet.Core.Common.StageEvent.Message as message)) ->
                              Some(message.Text = $"at {label}")
                          | _ -> None)

                  Expect.equal told (List.replicate all.Length true) "")
          }

          test "planning writes nothing" {
              use place = new Workplace()
              writeToyData place
              planSmall place 5 |> ignore
              Expect.isFalse (Directory.Exists place.Store) "no store"
              runSmall place (FakeRunner()) 5 |> ignore
              let before = filesOf place.Store
              planSmall place 6 |> ignore
              Expect.sequenceEqual (filesOf place.Store) before "an existing store"
          }

          test "eight runs at once compute every stage once" {
              withToy (fun place runner ->
                  runner.Before <- fun _ -> Thread.Yield() |> ignore
                  let results = Array.Parallel.init 8 (fun _ -> runSmall place runner 5)
                  Expect.all results _.Succeeded ""
                  Expect.sequenceEqual (List.sort runner.Ran) (List.sort all) "")
          } ]
