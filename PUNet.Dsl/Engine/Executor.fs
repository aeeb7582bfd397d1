/// Runs what is not in the store.
module PUNet.Dsl.Engine.Executor

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Threading
open System.Threading.Tasks
open PUNet.Dsl

/// What one run needs everywhere.
type private Session =
    { Store: Store
      Index: StatIndex
      Use: StoreUse
      Options: RunOptions
      Runner: StageRunner
      Emit: EngineEvent -> unit
      Cancellation: CancellationToken }

/// An input with its content hash and where it comes from.
type private ResolvedInput = { Record: RecordedInput; Folder: string }

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

/// A failure in the words of the person who runs the experiment.
let private reason (store: Store) (error: exn) =
    let diskFull = [ 28; 122; 27; 0x80070070 ] // ENOSPC, EDQUOT, EFBIG; Windows

    match error with
    // where space is reserved ahead, .NET tells of a full disk in words alone
    | :? IOException when List.contains error.HResult diskFull || error.Message.Contains "disk was full" ->
        $"the disk of the store is full ({store.Root}); finished results are unharmed; free some space or choose another store with --store"
    | error -> error.Message

let private reasonToRun session (node: GraphNode) fields stored =
    match stored with
    | Stored.Present _ -> RunReason.Forced
    | Stored.Damaged what -> RunReason.Damaged(StageKey.ofFields fields, what)
    | Stored.Absent ->
        match StageKey.nearest (Store.entries session.Store) (StageSpec.kind node.Spec) node.Label fields with
        | Some(nearest, changes) ->
            let current () = session.Options.Environment.Functions(StageSpec.kind node.Spec)
            RunReason.Changed(nearest.Key, StageKey.withFunctions (Store.code session.Store) current changes)
        | None -> RunReason.NeverRun

/// Content of the latest result of a stage's kind and label.
let private formerContent session (node: GraphNode) =
    Store.entries session.Store
    |> List.tryFind (fun entry -> entry.Kind = StageSpec.kind node.Spec && entry.Label = node.Label)
    |> Option.map _.Content

/// Figures go to TensorBoard files beside the checkpoints, so that they can be watched and survive an interruption.
let private recorded session (node: GraphNode) (work: string) : PUNet.Core.Common.StageEvent -> unit =
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

let private compute session (node: GraphNode) (inputs: ResolvedInput list) fields (claim: Claim) stored =
    let store, key = session.Store, StageKey.ofFields fields
    let why = reasonToRun session node fields stored
    let former = formerContent session node
    session.Emit(EngineEvent.Started(node.Label, string why, (Store.interrupted store key).IsSome))
    let output = Store.startWriting store key
    use cancellation = CancellationTokenSource.CreateLinkedTokenSource(session.Cancellation, claim.Lost)
    let started, watch = DateTimeOffset.UtcNow, Stopwatch.StartNew()

    try
        session.Runner
            { Spec = node.Spec
              Label = node.Label
              Inputs = Map.ofList [ for input in inputs -> input.Record.Name, input.Folder ]
              InputHashes = Map.ofList [ for input in inputs -> input.Record.Name, input.Record.Content ]
              Output = output
              Work = store.Work key
              Report = recorded session node (store.Work key)
              Cancellation = cancellation.Token }

        keepFigures (store.Work key) output
        let files, content = Store.contentOf output

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
        Store.publish store output provenance (stored <> Stored.Absent)
        session.Use.Add key
        session.Emit(EngineEvent.Finished(node.Label, key, watch.Elapsed, (former = Some content)))
        StageOutcome.Ran provenance
    finally
        Store.abandon store key output

/// Takes the claim, then computes unless another process was faster. Loses the claim where it was suspended for long;
/// then the other's result is waited for.
let rec private claimAndCompute session (node: GraphNode) inputs fields =
    let store, key = session.Store, StageKey.ofFields fields
    let forced = session.Options.Force.Contains node.Label

    let isDone () =
        not forced
        && (match Store.find store key with
            | Stored.Present _ -> true
            | _ -> false)

    let waitingFor holder = session.Emit(EngineEvent.WaitingForOther(node.Label, string holder))

    match Claim.acquire store.Claims key isDone waitingFor session.Cancellation with
    | Some claim ->
        use claim = claim

        try
            compute session node inputs fields claim (Store.find store key)
        with :? OperationCanceledException when claim.Lost.IsCancellationRequested && not session.Cancellation.IsCancellationRequested ->
            claimAndCompute session node inputs fields
    | None ->
        match Store.find store key with
        | Stored.Present provenance ->
            session.Use.Add key
            session.Emit(EngineEvent.Cached(node.Label, key))
            StageOutcome.Cached provenance
        | _ -> raise (IOException $"the result {key} vanished from the store while it was waited for; run again")

let private fail session (node: GraphNode) (error: exn) =
    let reason = reason session.Store error
    session.Emit(EngineEvent.Failed(node.Label, reason, error))
    StageOutcome.Failed(reason, error)

/// One stage whose inputs are there.
let private runStage session (node: GraphNode) (inputs: ResolvedInput list) =
    let hashes = Map.ofList [ for input in inputs -> input.Record.Name, input.Record.Content ]
    let fields = StageKey.fields session.Options.Environment node.Spec hashes

    match Store.find session.Store (StageKey.ofFields fields) with
    | Stored.Present provenance when not (session.Options.Force.Contains node.Label) ->
        session.Use.Add provenance.Key
        session.Emit(EngineEvent.Cached(node.Label, provenance.Key))
        StageOutcome.Cached provenance
    | _ ->
        try
            claimAndCompute session node inputs fields
        with
        | :? OperationCanceledException when session.Cancellation.IsCancellationRequested ->
            session.Emit(EngineEvent.Interrupted node.Label)
            StageOutcome.Interrupted
        | error -> fail session node error // whatever a stage raises ends that stage, not what is independent of it

/// A store that can only be read serves what it holds.
let private saveQuietly (index: StatIndex) =
    try
        index.Save()
    with
    | :? IOException
    | :? UnauthorizedAccessException -> ()

let private resolve session (outcomes: IReadOnlyDictionary<string, StageOutcome>) (graph: Graph) (name, input) =
    match input with
    | GraphInput.Files(path, layout) ->
        let hash =
            lock session.Index (fun () ->
                let hash = UserFiles.hash session.Index session.Options.DataFolder path layout
                saveQuietly session.Index // hashing large data is not lost when the run is stopped
                hash)

        hash
        |> Result.map (fun hash ->
            { Record = { Name = name; From = DataPath.show path; Artifact = ""; Content = hash }
              Folder = DataPath.resolve session.Options.DataFolder path })
    | GraphInput.Stage id ->
        match outcomes[id].Artifact with
        | Some provenance ->
            Ok
                { Record =
                    { Name = name
                      From = graph.Node(id).Label
                      Artifact = provenance.Key
                      Content = provenance.Content }
                  Folder = session.Store.Artifact provenance.Key }
        | None -> Error $"{graph.Node(id).Label} has no result"

/// The stage that keeps a node from running: a failed one, or the failed one behind a skipped one.
let private blocking (outcomes: IReadOnlyDictionary<string, StageOutcome>) (graph: Graph) (node: GraphNode) =
    node.Inputs
    |> List.tryPick (fun (_, input) ->
        match input with
        | GraphInput.Files _ -> None
        | GraphInput.Stage id ->
            match outcomes[id] with
            | StageOutcome.Failed _ -> Some(graph.Node(id).Label)
            | StageOutcome.Skipped because -> Some because
            | StageOutcome.Cached _
            | StageOutcome.Ran _
            | StageOutcome.Interrupted -> None)

let private step session graph outcomes (node: GraphNode) =
    if session.Cancellation.IsCancellationRequested then
        StageOutcome.Interrupted
    else
        match blocking outcomes graph node with
        | Some because ->
            session.Emit(EngineEvent.Skipped(node.Label, because))
            StageOutcome.Skipped because
        | None ->
            let inputs = node.Inputs |> List.map (resolve session outcomes graph)

            let faults =
                inputs
                |> List.choose (function
                    | Error what -> Some what
                    | Ok _ -> None)

            match faults with
            | [] -> runStage session node (inputs |> List.choose Result.toOption)
            | what :: _ -> fail session node (FileNotFoundException what)

/// Runs each node once its inputs have outcomes, the earlier one first, at most `jobs` at a time.
let private schedule jobs (graph: Graph) (outcomes: ConcurrentDictionary<string, StageOutcome>) (work: GraphNode -> StageOutcome) =
    let isReady (node: GraphNode) =
        node.Inputs
        |> List.forall (fun (_, input) ->
            match input with
            | GraphInput.Files _ -> true
            | GraphInput.Stage id -> outcomes.ContainsKey id)

    let start (node: GraphNode) =
        // A thread of its own: stages run for long, and torch keeps state per thread.
        Task.Factory.StartNew((fun () -> outcomes[node.Id] <- work node), TaskCreationOptions.LongRunning)

    let rec loop (waiting: GraphNode list) (running: Task list) =
        let fresh = waiting |> List.filter isReady |> List.truncate (jobs - running.Length)
        let running = running @ List.map start fresh
        let waiting = waiting |> List.filter (fun node -> fresh |> List.forall (fun other -> other.Id <> node.Id))

        if not running.IsEmpty then
            let ended = Task.WhenAny(running).Result
            let others = running |> List.filter (fun task -> not (obj.ReferenceEquals(task, ended)))

            if ended.IsFaulted then
                Task.WhenAll(others).ContinueWith(fun (_: Task) -> ()).Wait()
                ended.GetAwaiter().GetResult()

            loop waiting others

    loop graph.Nodes []

/// Runs every stage of the graph that is not in the store, independent ones side by side. A failing stage ends what depends on it and nothing else.
/// Raises IOException or UnauthorizedAccessException where the store itself cannot be made or written.
let run
    (options: RunOptions)
    (runner: StageRunner)
    (emit: EngineEvent -> unit)
    (cancellation: CancellationToken)
    (graph: Graph)
    : RunResult =
    let store = Store.at options.StoreFolder
    Store.prepare store

    let gate = obj ()
    use inUse = new StoreUse(store)

    let session =
        { Store = store
          Use = inUse
          Index = StatIndex(store.Index, not options.VerifyContent)
          Options = options
          Runner = runner
          Emit = fun event -> lock gate (fun () -> emit event)
          Cancellation = cancellation }

    let outcomes = ConcurrentDictionary<string, StageOutcome>()
    schedule options.Jobs graph outcomes (step session graph outcomes)
    { Outcomes = [ for node in graph.Nodes -> node, outcomes[node.Id] ] }
