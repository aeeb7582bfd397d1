module PUNet.Dsl.Tests.FacetTests

open System
open System.IO
open System.Threading
open Expecto
open PUNet.Core.Common
open PUNet.Core.Imaging
open PUNet.Core.Imaging.Nifti
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private extent = Extent(6, 6, 6)
let private geometry = Geometry.FromSpacing(Spacing(1.0, 1.0, 1.0))

/// Writes a scan of the given split; another seed gives another content.
let private scan (place: Workplace) part id seed =
    let path ending =
        let path = Path.Combine(place.Data, "toy", part, $"{id}_{ending}.nii.gz")
        Directory.CreateDirectory(Path.GetDirectoryName path |> string) |> ignore
        path

    let voxels (value: int -> int) = Array.init (int extent.Count) value
    NiftiWriter.Write(path "ct", Volume(voxels (fun i -> (i * 7 + seed) % 100) |> Array.map float32, extent, geometry))
    NiftiWriter.Write(path "seg", LabelMap(voxels (fun i -> (i + seed) % 4) |> Array.map uint16, extent, geometry))

/// Pre-training, a tuning on all subjects, one on a single drawn one, and scores on two parts.
let private experiment () =
    let scans =
        dataset "toy" {
            source (Folder.pairs (data "toy") "{id}_ct.nii.gz" "{id}_seg.nii.gz")
            classes [ 1, "liver"; 2, "spleen"; 3, "lungs" ]
            given_split
        }

    let tuned = promptTune (pretrain scans { supervise [ "liver" ] }) { target "lungs" }

    let first =
        promptTune (randomBackbone scans { seed 2 }) {
            target "spleen"
            subjects 1
            label "one shot"
        }

    let chosen = validationDice tuned
    (experiment "toy" { evaluate [ tuned; first ] }).Outputs @ (chosen.Needs |> List.map _.Stage)

let private trainings = [ "pretrain"; "promptTune(lungs)"; "randomBackbone"; "one shot" ]
let private tests' = [ "evaluate(promptTune(lungs))"; "evaluate(one shot)"; "table(toy)" ]

/// Really prepares; of other stages the result is a hash over the files that they read, and of a pre-training those of the training part, with
/// figures over all.
type private Run(place: Workplace) =
    let events = Collections.Concurrent.ConcurrentQueue<EngineEvent>()

    let read (work: StageWork) isWanted =
        [ for input in work.Inputs do
              for path in ContentHash.filesBelow input.Value do
                  if ContentHash.isContent path && Facet.holds (StageSpec.reads work.Spec input.Key) path && isWanted path then
                      ContentHash.ofFile (Path.Combine(input.Value, path)) ]

    let compute (work: StageWork) =
        match work.Spec with
        | Prepare _ -> Stages.runner "cpu" 1 work
        | spec ->
            let write name isWanted =
                let text = Canonical.toJson (StageSpec.parameters spec) + String.concat "," (read work isWanted)
                File.WriteAllText(Path.Combine(work.Output, name), text)

            match spec with
            | Pretrain _ ->
                write "result.txt" (_.StartsWith("train/", StringComparison.Ordinal))
                write "probe.json" (fun _ -> true)
            | _ -> write "result.txt" (fun _ -> true)

    let result = Executor.run place.Options compute events.Enqueue CancellationToken.None (Graph.ofOutputs (experiment ()))
    do Expect.isTrue result.Succeeded $"{result.Outcomes |> List.map snd}"

    member _.Ran =
        [ for node, outcome in result.Outcomes do
              if outcome.IsRan then
                  node.Label ]

    /// Subjects that were prepared, not taken from an earlier preparation.
    member _.Prepared =
        [ for event in events do
              match event with
              | EngineEvent.Reported(_, (:? StageEvent.Progress as progress)) -> progress.Note
              | _ -> () ]

let private withScans work =
    use place = new Workplace()

    for part, id, seed in [ "train", "a", 1; "train", "b", 2; "validation", "c", 3; "test", "d", 4 ] do
        scan place part id seed

    let first = Run place
    Expect.equal (List.sort first.Prepared) [ "a"; "b"; "c"; "d" ] ""
    Expect.isEmpty (Run place).Ran "all is there"
    work place

let private sorted (labels: string list) = List.sort labels

[<Tests>]
let tests =
    testList
        "parts of a dataset"
        [ test "one more test scan prepares one subject and scores again, and no training runs" {
              withScans (fun place ->
                  scan place "test" "e" 5
                  let plan = Plan.make place.Options (Graph.ofOutputs (experiment ()))
                  let status label = (plan |> List.find (fun entry -> entry.Node.Label = label)).Status
                  Expect.isTrue (status "prepare(toy)").IsRun "the preparation runs"

                  for training in trainings do
                      match status training with
                      | PlanStatus.Waiting(_, changes, _) ->
                          Expect.all changes _.Field.StartsWith("inputs") $"{training} stays unless what it reads changes"
                      | other -> failtest $"{training}: {other}"

                  let run = Run place
                  Expect.equal run.Prepared [ "e" ] "one subject"
                  Expect.equal (sorted run.Ran) (sorted ("prepare(toy)" :: tests')) "")
          }

          test "a changed test label prepares one subject, and no training runs" {
              withScans (fun place ->
                  scan place "test" "d" 6
                  let run = Run place
                  Expect.equal run.Prepared [ "d" ] "one subject"
                  Expect.equal (sorted run.Ran) (sorted ("prepare(toy)" :: tests')) "")
          }

          test "one more validation scan is seen by what chooses and by the probe of a pre-training, and trains nothing after it again" {
              withScans (fun place ->
                  scan place "validation" "e" 5
                  let run = Run place
                  Expect.equal run.Prepared [ "e" ] "one subject"

                  Expect.equal
                      (sorted run.Ran)
                      (sorted [ "prepare(toy)"; "pretrain"; "validation(promptTune(lungs))"; yield! tests' ])
                      "evaluations choose components by it")
          }

          test "one more training scan prepares one subject and trains again, also where few are drawn, which it may be one of" {
              withScans (fun place ->
                  scan place "train" "e" 5
                  let run = Run place
                  Expect.equal run.Prepared [ "e" ] "one subject"

                  Expect.equal
                      (sorted run.Ran)
                      (sorted
                          [ "prepare(toy)"; "pretrain"; "promptTune(lungs)"; "one shot"; "validation(promptTune(lungs))"; yield! tests' ])
                      "")
          }

          test "a scan that goes away leaves the preparation of the others" {
              withScans (fun place ->
                  for ending in [ "ct"; "seg" ] do
                      File.Delete(Path.Combine(place.Data, "toy", "train", $"b_{ending}.nii.gz"))

                  let run = Run place
                  Expect.isEmpty run.Prepared ""
                  Expect.contains run.Ran "pretrain" "")
          }

          test "what is damaged in a preparation is made again, and of its subjects only those" {
              withScans (fun place ->
                  let store = Store.at place.Store
                  let prepared = Store.entries store |> List.find (fun entry -> entry.Kind = "prepare")
                  let volume = Path.Combine(store.Artifact prepared.Key, "train", "0002-b", "image.nii.gz")
                  Damage.flip volume
                  scan place "test" "e" 5 // what runs for that takes no damaged subject over
                  let run = Run place
                  Expect.equal (sorted run.Prepared) [ "b"; "e" ] ""
                  Expect.equal (sorted run.Ran) (sorted ("prepare(toy)" :: tests')) ""
                  let latest = Store.entries store |> List.find (fun entry -> entry.Kind = "prepare")
                  Expect.isEmpty (StoreVerification.faults store latest) "")
          }

          test "a damaged volume is noticed by the stage that reads it, in the same run, and by no other" {
              withScans (fun place ->
                  let store = Store.at place.Store
                  let entry label = Store.entries store |> List.find (fun entry -> entry.Label = label)
                  let contents = Worker.contents place.Store
                  Damage.flip (Path.Combine(store.Artifact (entry "prepare(toy)").Key, "train", "0001-a", "labels.nii.gz"))
                  Directory.Delete(store.Artifact (entry "evaluate(one shot)").Key, true)
                  Expect.equal (Run place).Ran [ "evaluate(one shot)" ] "it reads test subjects alone"
                  Directory.Delete(store.Artifact (entry "pretrain").Key, true)
                  let run = Run place
                  Expect.equal run.Ran [ "prepare(toy)"; "pretrain" ] ""
                  Expect.equal run.Prepared [ "a" ] "the others come from what was set aside"
                  Expect.equal (Worker.contents place.Store) contents "")
          } ]
