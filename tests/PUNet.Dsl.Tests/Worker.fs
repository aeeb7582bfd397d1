/// A run of the small experiment as a process of its own, which tests kill: a training of a few steps with checkpoints, and
/// stages that write what they would depend on.
module PUNet.Dsl.Tests.Worker

open System
open System.Diagnostics
open System.IO
open System.Threading
open PUNet.Core.Common
open PUNet.Core.Common.Files
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private steps = 4

/// A training as the engine sees it: goes on from its checkpoint, and ends with the same bytes however often it was stopped.
let private train (work: StageWork) =
    let checkpoint = Path.Combine(work.Work, "checkpoint.txt")
    let seed = Canonical.toJson (StageSpec.parameters work.Spec) + String.concat "," work.InputHashes.Values
    let mutable lines = if File.Exists checkpoint then List.ofArray (File.ReadAllLines checkpoint) else []

    while lines.Length < steps do
        work.Cancellation.ThrowIfCancellationRequested()
        let former = lines |> List.tryLast |> Option.defaultValue seed
        lines <- lines @ [ Canonical.hashText $"{former}{lines.Length}" ]
        AtomicFile.WriteText(checkpoint, String.concat "\n" lines + "\n")

    lines
    |> List.iteri (fun i line -> File.WriteAllText(Path.Combine(work.Output, $"weights{i}.bin"), String.replicate 200 line))

/// Computes a stage, and notes in the folder of notes that it did.
let private compute (notes: string) (work: StageWork) =
    File.WriteAllText(Path.Combine(notes, $"{Guid.NewGuid():N}"), work.Label)

    match Environment.GetEnvironmentVariable "WORKER_STOPS_AT" with
    | label when label = work.Label -> Thread.Sleep Timeout.Infinite
    | _ -> ()

    match work.Spec with
    | Pretrain _
    | Adapt _ -> train work
    | _ -> File.WriteAllText(Path.Combine(work.Output, "result.txt"), String.concat "," work.InputHashes.Values)

/// worker STORE DATA NOTES: exit code 0 where all stages have results; else the reasons go to standard error.
let run (store: string) (data: string) (notes: string) =
    let options = { RunOptions.inFolders store data with Jobs = 2 }
    let environment = { options.Environment with Code = (fun _ -> "1"); Functions = fun _ -> Map.empty }

    let result =
        Executor.run
            { options with Environment = environment }
            (compute notes)
            ignore
            CancellationToken.None
            (Graph.ofExperiment (smallExperiment 5))

    for node, outcome in result.Outcomes do
        match outcome with
        | StageOutcome.Failed(reason, _) -> eprintfn $"{node.Label}: {reason}"
        | _ -> ()

    if result.Succeeded then 0 else 1

/// Starts a worker; `prefix` are words before it, for example a shell that limits it.
let start (prefix: string list) (place: Workplace) (environment: (string * string) list) : Process =
    let notes = Path.Combine(place.Folder, "notes")
    Directory.CreateDirectory notes |> ignore
    let words = prefix @ [ "dotnet"; typeof<Workplace>.Assembly.Location; "worker"; place.Store; place.Data; notes ]
    let info = ProcessStartInfo(words.Head, words.Tail, RedirectStandardError = true)
    info.Environment["DOTNET_TieredPGO"] <- "0"
    info.Environment["DOTNET_TieredCompilation"] <- "1"

    for name, value in environment do
        info.Environment[name] <- value

    Process.Start info |> Option.ofObj |> Option.get

/// Waits for a worker's end: exit code and what it wrote to standard error.
let finish (worker: Process) =
    let error = worker.StandardError.ReadToEnd()
    worker.WaitForExit()
    worker.ExitCode, error

/// Labels of the stages that were computed, each as often as it was.
let computed (place: Workplace) =
    [ for path in Directory.EnumerateFiles(Path.Combine(place.Folder, "notes")) -> File.ReadAllText path ] |> List.sort

/// Content of every result by its label.
let contents (store: string) = [ for entry in Store.entries (Store.at store) -> entry.Label, (entry.Key, entry.Content) ] |> Map.ofList
