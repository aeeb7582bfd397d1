/// What a run would do, stage by stage, and why. Writes nothing.
module PUNet.Dsl.Engine.Plan

open System.Collections.Generic
open PUNet.Dsl

/// Inputs of a stage whose contents are not known.
let internal unknown (node: GraphNode) (known: Map<string, string>) =
    node.Inputs |> List.map fst |> List.filter (fun name -> not (known.ContainsKey name)) |> Set.ofList

/// The former result of a stage, and what differs as far as inputs are known.
let private changesAgainst store entries (environment: KeyEnvironment) (graph: Graph) (node: GraphNode) known =
    let kind = StageSpec.kind node.Spec

    StageKey.fields environment node.Spec known
    |> FormerResult.find entries kind node.Label (graph.Sources node) (unknown node known)
    |> Option.map (fun (nearest, changes) ->
        nearest, KeyChanges.withFunctions (Store.code store) (fun () -> environment.Functions kind) changes)

/// A stage whose inputs' contents are all known.
let private settled (store: Store) (entries: Lazy<Provenance list>) (options: RunOptions) (graph: Graph) (node: GraphNode) hashes =
    let fields = StageKey.fields options.Environment node.Spec hashes
    let key = StageKey.ofFields fields
    let entry status = { Node = node; Key = Some key; Known = hashes; Status = status }

    let missing () =
        match Store.interrupted store key, changesAgainst store entries.Value options.Environment graph node hashes with
        | Some progress, _ -> PlanStatus.Resume progress
        | None, None -> PlanStatus.Run RunReason.NeverRun
        | None, Some(nearest, changes) -> PlanStatus.Run(RunReason.Changed(nearest.Key, changes))

    match PublishedFiles.find store node.Spec key with
    | Stored.Present provenance when not (options.Force.Contains node.Label) -> entry (PlanStatus.Cached key), Some provenance
    | Stored.Present _ -> entry (PlanStatus.Run RunReason.Forced), None
    | Stored.Damaged what -> entry (PlanStatus.Run(RunReason.Damaged(key, what))), None
    | Stored.Absent -> entry (missing ()), None

/// A stage that some other stage must run before. Fields that differ whatever comes of it are told.
let private waiting (store: Store) (entries: Lazy<Provenance list>) (options: RunOptions) (graph: Graph) (node: GraphNode) hashes upstream =
    let changes, former =
        match changesAgainst store entries.Value options.Environment graph node hashes with
        | Some(nearest, []) -> [], Some nearest.Key
        | Some(_, changes) -> changes, None
        | None -> [], None

    { Node = node; Key = None; Known = hashes; Status = PlanStatus.Waiting(upstream, changes, former) }

/// The plan of a graph, in its order.
let make (options: RunOptions) (graph: Graph) : PlanEntry list =
    let store = Store.at options.StoreFolder
    let index = StatIndex(store.Index, not options.VerifyContent)
    let entries = lazy (Store.entries store)
    let results = Dictionary<string, Provenance>()

    let content spec name (input: GraphInput) =
        match input with
        | GraphInput.Files(path, layout) ->
            UserFiles.read index options.DataFolder path layout |> Result.map (fun source -> Some source.Content)
        | GraphInput.Stage id ->
            match results.TryGetValue id with
            | true, provenance -> Ok(Some(Provenance.content (StageSpec.reads spec name) provenance))
            | _ -> Ok None

    [ for node in graph.Nodes do
          let inputs = node.Inputs |> List.map (fun (name, input) -> name, input, content node.Spec name input)

          let known =
              [ for name, _, hash in inputs do
                    match hash with
                    | Ok(Some hash) -> name, hash
                    | _ -> () ]
              |> Map.ofList

          let upstream =
              [ for _, input, hash in inputs do
                    match input, hash with
                    | GraphInput.Stage id, Ok None -> graph.Node(id).Label
                    | _ -> () ]

          let missing =
              inputs
              |> List.tryPick (fun (_, _, hash) ->
                  match hash with
                  | Error what -> Some what
                  | Ok _ -> None)

          match missing with
          | Some what -> { Node = node; Key = None; Known = known; Status = PlanStatus.MissingInput what }
          | None when not upstream.IsEmpty -> waiting store entries options graph node known (List.distinct upstream)
          | None ->
              let entry, result = settled store entries options graph node known
              result |> Option.iter (fun provenance -> results[node.Id] <- provenance)
              entry ]
