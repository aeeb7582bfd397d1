/// In which order, and how many at a time, the nodes of a graph are worked on.
module internal PUNet.Dsl.Engine.Schedule

open System.Collections.Concurrent
open System.Threading.Tasks

/// Runs each node that has no outcome yet once its inputs have theirs, the earlier one first, at most `jobs` at a time.
let run jobs (graph: Graph) (outcomes: ConcurrentDictionary<string, StageOutcome>) (work: GraphNode -> StageOutcome) =
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

    loop (graph.Nodes |> List.filter (fun node -> not (outcomes.ContainsKey node.Id))) []
