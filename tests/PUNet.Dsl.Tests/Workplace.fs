/// A throw-away store and data folder, and a runner that computes nothing but hashes.
module PUNet.Dsl.Tests.Workplace

open System
open System.Collections.Concurrent
open System.IO
open System.Threading
open PUNet.Dsl
open PUNet.Dsl.Engine

/// Folder that goes away with the test.
[<Sealed>]
type Workplace() =
    let folder = Directory.CreateTempSubdirectory "punet-dsl "
    member _.Folder = folder.FullName
    member _.Store = Path.Combine(folder.FullName, "store")
    member _.Data = Path.Combine(folder.FullName, "data")
    member place.Options = RunOptions.inFolders place.Store place.Data

    /// Writes a file of the user.
    member place.Write(relative: string, text: string) =
        let path = Path.Combine(place.Data, relative)
        Directory.CreateDirectory(Path.GetDirectoryName path |> string) |> ignore
        File.WriteAllText(path, text)

    interface IDisposable with
        member _.Dispose() = folder.Delete true

/// Runs stages by writing what they would depend on; counts them.
[<Sealed>]
type FakeRunner() =
    let ran = ConcurrentQueue<string>()
    let events = ConcurrentQueue<EngineEvent>()

    /// What a stage writes; the default depends on its settings and inputs.
    member val Content: StageWork -> string =
        (fun work -> Canonical.toJson (StageSpec.parameters work.Spec) + String.concat "," work.InputHashes.Values) with get, set

    /// What a stage does beforehand, for example fail.
    member val Before: StageWork -> unit = ignore with get, set

    /// Labels of the stages that ran, in order.
    member _.Ran = List.ofSeq ran
    member _.Events = List.ofSeq events
    member _.Forget() = ran.Clear()

    member runner.Run(options, outputs: StageNode list, ?cancellation: CancellationToken) =
        let compute (work: StageWork) =
            ran.Enqueue work.Label
            runner.Before work
            File.WriteAllText(Path.Combine(work.Output, "result.txt"), runner.Content work)

        Executor.run options compute events.Enqueue (defaultArg cancellation CancellationToken.None) (Graph.ofOutputs outputs)

/// A small experiment; every call declares it anew.
let smallExperiment (count: int) =
    let scans =
        dataset "toy" {
            source (Folder.pairs (data "toy") "{id}_ct.nii.gz" "{id}_seg.nii.gz")
            classes [ 1, "liver"; 2, "spleen"; 3, "lungs"; 4, "bone" ]
        }

    let organs =
        classSplit scans {
            base_classes [ "liver"; "spleen" ]
            novel_classes [ "lungs"; "bone" ]
        }

    let backbone =
        pretrain scans {
            supervise organs.Base
            self_supervise cpa
        }

    let tuned =
        [ for organ in organs.Novel ->
              promptTune backbone {
                  target organ
                  epochs count
              } ]

    let full = [ for organ in organs.Novel -> fineTune backbone { target organ } ]
    experiment "toy" { compare tuned full }

/// The files that the small experiment reads.
let writeToyData (place: Workplace) =
    for id in [ "a"; "b"; "c" ] do
        place.Write($"toy/{id}_ct.nii.gz", $"image {id}")
        place.Write($"toy/{id}_seg.nii.gz", $"labels {id}")

/// Runs the small experiment.
let runSmall (place: Workplace) (runner: FakeRunner) epochs = runner.Run(place.Options, (smallExperiment epochs).Outputs)

/// The plan of the small experiment: label and status.
let planSmall (place: Workplace) epochs =
    Plan.make place.Options (Graph.ofExperiment (smallExperiment epochs))
    |> List.map (fun entry -> entry.Node.Label, entry.Status)

/// A script's file; what it declares is given apart.
let emptyScript (place: Workplace) (name: string) =
    let path = Path.Combine(place.Folder, name)
    File.WriteAllText(path, "")
    path

/// Runs the small experiment as a script, to its end as the command line does.
let runScript (place: Workplace) (runner: FakeRunner) path epochs =
    let result = runner.Run({ place.Options with Script = Some path }, (smallExperiment epochs).Outputs)

    if result.Succeeded then
        ScriptRun(Store.at place.Store, path).Complete
            [ for node, outcome in result.Outcomes do
                  match outcome.Artifact with
                  | Some artifact -> { Key = artifact.Key; Label = node.Label }
                  | None -> () ]

    result
