namespace PUNet.Dsl.Engine

/// How a stage ended.
[<RequireQualifiedAccess>]
type StageOutcome =
    /// The result was in the store.
    | Cached of Provenance
    | Ran of Provenance
    | Failed of reason: string * error: exn
    /// Not run, because this stage failed.
    | Skipped of because: string
    /// Stopped by the user, or not reached because of that.
    | Interrupted

    /// The result, if there is one.
    member outcome.Artifact =
        match outcome with
        | Cached provenance
        | Ran provenance -> Some provenance
        | Failed _
        | Skipped _
        | Interrupted -> None

/// How a run of a graph ended: every stage with its outcome, in the graph's order.
type RunResult =
    { Outcomes: (GraphNode * StageOutcome) list }

    /// Whether every stage has its result.
    member result.Succeeded = result.Outcomes |> List.forall (fun (_, outcome) -> outcome.Artifact.IsSome)
    /// Whether the user stopped it.
    member result.WasInterrupted = result.Outcomes |> List.exists (fun (_, outcome) -> outcome.IsInterrupted)

module RunResult =
    /// A later part of a run, as what it comes to with an earlier one: a stage that ran in the earlier one did run.
    let after (earlier: RunResult) (later: RunResult) : RunResult =
        { Outcomes =
            [ for node, outcome in later.Outcomes ->
                  match outcome, earlier.Outcomes |> List.tryFind (fun (other, _) -> other.Id = node.Id) with
                  | StageOutcome.Cached _, Some(_, (StageOutcome.Ran _ as before)) -> node, before
                  | _ -> node, outcome ] }

    /// The outcomes of both, where both have one the later.
    let join (earlier: RunResult) (later: RunResult) : RunResult =
        let isNew (node: GraphNode, _) = later.Outcomes |> List.forall (fun (other, _) -> other.Id <> node.Id)
        { Outcomes = List.filter isNew earlier.Outcomes @ later.Outcomes }
