/// Runs what is not in the store.
module PUNet.Dsl.Engine.Executor

open System.Collections.Concurrent
open System.IO
open System.Threading
open PUNet.Dsl
open PUNet.Dsl.Engine.StageInputs

type private Outcomes = ConcurrentDictionary<string, StageOutcome>

let rec private step (session: RunSession) (graph: Graph) (outcomes: Outcomes) (node: GraphNode) =
    if session.Cancellation.IsCancellationRequested then
        StageOutcome.Interrupted
    else
        match blocking outcomes graph node with
        | Some because ->
            session.Emit(EngineEvent.Skipped(node.Label, because))
            StageOutcome.Skipped because
        | None ->
            let inputs = node.Inputs |> List.map (resolve session outcomes graph node.Spec)

            let faults =
                inputs
                |> List.choose (function
                    | Error what -> Some what
                    | Ok _ -> None)

            match faults with
            | [] -> compute session graph outcomes node (inputs |> List.choose Result.toOption)
            | what :: _ -> StageRun.fail session node (FileNotFoundException what)

/// Runs the stage; where an input is damaged, its own stage runs again first.
and private compute session graph outcomes node inputs =
    let found =
        try
            Ok(StageRun.run session node inputs)
        with DamagedInput(source, result, reads, what) ->
            Error(source, result, reads, what)

    match found with
    | Ok outcome ->
        let folder (result: Provenance) = session.Store.Artifact result.Key

        match outcome.Artifact |> Option.bind (folder >> EvaluatedParts.missing graph node) with
        | Some what -> StageRun.fail session node (InvalidDataException what)
        | None -> outcome
    | Error(source, result, reads, what) ->
        try
            repair session graph outcomes source result reads what
            step session graph outcomes node
        with
        | :? IOException as error -> StageRun.fail session node error
        | :? System.UnauthorizedAccessException as error -> StageRun.fail session node error

/// Sets a damaged result aside and runs its stage again, unless another stage that reads it did so meanwhile.
and private repair session graph outcomes source result reads what =
    lock (session.Repairs.Gate source.Id) (fun () ->
        let isStillDamaged = (PublishedFiles.damage session.Store result (Provenance.counts reads)).IsSome
        let isLatest = outcomes[source.Id].Artifact |> Option.exists (fun latest -> latest = result)

        if isStillDamaged && isLatest then
            if session.Repairs.Begin(source.Id, result.Key, what) > 2 then
                let again = $"the result of {source.Label} is damaged again although it was made anew ({what})"
                raise (IOException $"{again}; check the disk of the store ({session.Store.Root})")

            if StoreTree.exists (session.Store.Artifact result.Key) then
                session.Emit(EngineEvent.SetAside(source.Label, what, Store.setAside session.Store result.Key))

            let outcome = step session graph outcomes source
            outcomes[source.Id] <- outcome

            if outcome.Artifact |> Option.exists (fun made -> made.Content <> result.Content) then
                session.Repairs.NoteChange())

/// One pass over the graph, and another one where a result came out otherwise when it was repaired. What failed in an earlier part is
/// not tried again, what ran there is not forced again.
let rec private passes (session: RunSession) (graph: Graph) (earlier: RunResult) : RunResult =
    let outcomes = Outcomes()

    for node, outcome in earlier.Outcomes do
        if outcome.IsFailed then
            outcomes[node.Id] <- outcome

    let ran =
        Set
            [ for node, outcome in earlier.Outcomes do
                  if outcome.IsRan then
                      node.Label ]

    let once = { session with Options = { session.Options with Force = session.Options.Force - ran } }
    Schedule.run session.Options.Jobs graph outcomes (step once graph outcomes)
    let result = { Outcomes = [ for node in graph.Nodes -> node, outcomes[node.Id] ] } |> RunResult.after earlier

    if session.Repairs.TakeChange() && not session.Cancellation.IsCancellationRequested then
        passes session graph result
    else
        result

/// Runs every stage of the graph that is not in the store, independent ones side by side; what failed in an earlier part of the same run is
/// not tried again. A failing stage ends what depends on it and nothing else.
/// Raises IOException or UnauthorizedAccessException where the store itself cannot be made or written.
let goOn
    (earlier: RunResult)
    (options: RunOptions)
    (runner: StageRunner)
    (emit: EngineEvent -> unit)
    (cancellation: CancellationToken)
    (graph: Graph)
    : RunResult =
    let store = Store.at options.StoreFolder
    let gate = obj ()
    let emit event = lock gate (fun () -> emit event)
    let former = StoreMarker.look store.Root
    Store.prepare store

    if former.IsUnmarked then
        emit (EngineEvent.Noticed $"{StoreMarker.FileName} of the store {store.Root} was damaged; it was written anew")

    use inUse = new StoreUse(store, options.Script |> Option.map (fun script -> ScriptRun(store, script)))

    let session: RunSession =
        { Store = store
          Use = inUse
          Repairs = Repairs()
          Index = StatIndex(store.Index, not options.VerifyContent)
          Options = options
          Runner = runner
          Emit = emit
          Cancellation = cancellation }

    passes session graph earlier

/// The same without an earlier part.
let run options runner emit cancellation graph = goOn { Outcomes = [] } options runner emit cancellation graph
