/// Runs what is not in the store.
module PUNet.Dsl.Engine.Executor

open System.Collections.Concurrent
open System.IO
open System.Threading

let private step (session: RunSession) graph outcomes (node: GraphNode) =
    if session.Cancellation.IsCancellationRequested then
        StageOutcome.Interrupted
    else
        match StageInputs.blocking outcomes graph node with
        | Some because ->
            session.Emit(EngineEvent.Skipped(node.Label, because))
            StageOutcome.Skipped because
        | None ->
            let inputs = node.Inputs |> List.map (StageInputs.resolve session outcomes graph node.Spec)

            let faults =
                inputs
                |> List.choose (function
                    | Error what -> Some what
                    | Ok _ -> None)

            match faults with
            | [] ->
                let outcome = StageRun.run session node (inputs |> List.choose Result.toOption)
                let folder (result: Provenance) = session.Store.Artifact result.Key

                match outcome.Artifact |> Option.bind (folder >> EvaluatedParts.missing graph node) with
                | Some what -> StageRun.fail session node (InvalidDataException what)
                | None -> outcome
            | what :: _ -> StageRun.fail session node (FileNotFoundException what)

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
          Index = StatIndex(store.Index, not options.VerifyContent)
          Options = options
          Runner = runner
          Emit = emit
          Cancellation = cancellation }

    let outcomes = ConcurrentDictionary<string, StageOutcome>()

    for node, outcome in earlier.Outcomes do
        if outcome.IsFailed then
            outcomes[node.Id] <- outcome

    Schedule.run options.Jobs graph outcomes (step session graph outcomes)
    { Outcomes = [ for node in graph.Nodes -> node, outcomes[node.Id] ] }

/// The same without an earlier part.
let run options runner emit cancellation graph = goOn { Outcomes = [] } options runner emit cancellation graph
