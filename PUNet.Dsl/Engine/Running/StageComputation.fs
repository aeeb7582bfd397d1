/// Computes one stage and publishes its result with where it comes from.
module internal PUNet.Dsl.Engine.StageComputation

open System
open System.Diagnostics
open System.IO
open System.Threading
open PUNet.Dsl
open PUNet.Dsl.Engine.StageInputs

let private versions (environment: KeyEnvironment) =
    Map.ofList
        [ "punet", string (typeof<StageSpec>.Assembly.GetName().Version)
          "dotnet", string Environment.Version
          "libtorch", environment.Libtorch
          "torchsharp", environment.TorchSharp ]

let private machine =
    lazy $"{Environment.MachineName}, {Runtime.InteropServices.RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors"

let private peakMemory () =
    use current = Process.GetCurrentProcess()
    current.PeakWorkingSet64

let private reasonToRun (session: RunSession) (node: GraphNode) (inputs: ResolvedInput list) fields stored =
    match stored, session.Repairs.Cause(StageKey.ofFields fields) with
    | Stored.Present _, _ -> RunReason.Forced
    | Stored.Damaged what, _
    | Stored.Absent, Some what -> RunReason.Damaged(StageKey.ofFields fields, what)
    | Stored.Absent, None ->
        let made =
            inputs |> List.filter _.Result.IsSome |> List.map (fun input -> input.Record.Name, input.Record.From) |> Map.ofList

        match FormerResult.find (Store.entries session.Store) (StageSpec.kind node.Spec) node.Label made Set.empty fields with
        | Some(nearest, changes) ->
            let current () = session.Options.Environment.Functions(StageSpec.kind node.Spec)
            RunReason.Changed(nearest.Key, KeyChanges.withFunctions (Store.code session.Store) current changes)
        | None -> RunReason.NeverRun

/// Content of the latest result of a stage's kind and label.
let private formerContent (session: RunSession) (node: GraphNode) =
    Store.entries session.Store
    |> List.tryFind (fun entry -> entry.Kind = StageSpec.kind node.Spec && entry.Label = node.Label)
    |> Option.map _.Content

/// Figures go to TensorBoard files beside the checkpoints, so that they can be watched and survive an interruption.
let private recorded (session: RunSession) (node: GraphNode) (work: string) : PUNet.Core.Common.StageEvent -> unit =
    let board = TensorBoard(Path.Combine(work, TensorBoard.FileName DateTimeOffset.UtcNow))

    fun report ->
        match report with
        | :? PUNet.Core.Common.StageEvent.Metric as metric -> board.Add(DateTimeOffset.UtcNow, metric.Name, metric.Step, metric.Value)
        | _ -> ()

        session.Emit(EngineEvent.Reported(node.Label, report))

/// The figures of this run and of those that it goes on from become part of the result's log.
let private keepFigures (work: string) (output: string) =
    for path in Directory.GetFiles(work, "events.out.tfevents.*") do
        let log = Directory.CreateDirectory(Path.Combine(output, "log")).FullName
        File.Move(path, Path.Combine(log, string (Path.GetFileName path)))

/// A damaged result makes room for the one that is computed now.
let private setAside (session: RunSession) (node: GraphNode) key stored =
    match stored with
    | Stored.Damaged what -> session.Emit(EngineEvent.SetAside(node.Label, what, Store.setAside session.Store key))
    | Stored.Absent
    | Stored.Present _ -> ()

/// Runs the stage between two looks at what it reads: what comes from an input that is or became damaged is no result, whether the
/// stage ended, failed or was stopped.
let private computeFrom (session: RunSession) key inputs (claim: Claim) (work: unit -> unit) =
    try
        work ()
    with _ ->
        if not claim.Lost.IsCancellationRequested then
            mustBeIntact session key inputs

        reraise ()

    mustBeIntact session key inputs

/// Runs the stage in a folder of its own, under a claim; `stored`: what the store holds under its key. Raises `DamagedInput` where it
/// cannot be computed from what it reads.
let compute (session: RunSession) (node: GraphNode) (inputs: ResolvedInput list) fields (claim: Claim) stored =
    let store, key = session.Store, StageKey.ofFields fields
    mustBeIntact session key inputs
    let why = reasonToRun session node inputs fields stored
    let former = formerContent session node
    session.Emit(EngineEvent.Started(node.Label, string why, (Store.interrupted store key).IsSome))
    session.Use.Add(key, node.Label) // its checkpoints are kept from now on
    setAside session node key stored
    let output = StorePublishing.startWriting store key
    use cancellation = CancellationTokenSource.CreateLinkedTokenSource(session.Cancellation, claim.Lost)
    let started, watch = DateTimeOffset.UtcNow, Stopwatch.StartNew()

    try
        computeFrom session key inputs claim (fun () ->
            session.Runner
                { Spec = node.Spec
                  Label = node.Label
                  Inputs = Map.ofList [ for input in inputs -> input.Record.Name, input.Folder ]
                  Sources =
                    Map.ofList
                        [ for input in inputs do
                              yield! input.Source |> Option.map (fun source -> input.Record.Name, source) |> Option.toList ]
                  InputHashes = Map.ofList [ for input in inputs -> input.Record.Name, input.Record.Content ]
                  Output = output
                  Work = store.Work key
                  Earlier = fun () -> EarlierResults.find store fields
                  Report = recorded session node (store.Work key)
                  Cancellation = cancellation.Token })

        mustBeUnchanged session node inputs
        keepFigures (store.Work key) output
        let files, content = StorePublishing.contentOf output

        let provenance =
            { Key = key
              Kind = StageSpec.kind node.Spec
              Label = node.Label
              Fields = fields
              Inputs = inputs |> List.map _.Record
              Content = content
              Files = files
              Machine = machine.Value
              Versions = versions session.Options.Environment
              Commit = GitCommit.find store.Root |> Option.defaultValue ""
              Started = started
              Ended = DateTimeOffset.UtcNow
              PeakMemory = peakMemory () }

        let environment = session.Options.Environment
        Store.keepCode store (environment.Code node.Spec) (environment.Functions provenance.Kind)
        StorePublishing.publish store output provenance (stored <> Stored.Absent)
        session.Use.Add(key, node.Label)
        session.Emit(EngineEvent.Finished(node.Label, key, watch.Elapsed, (former = Some content)))
        StageOutcome.Ran provenance
    finally
        StorePublishing.abandon store key output
