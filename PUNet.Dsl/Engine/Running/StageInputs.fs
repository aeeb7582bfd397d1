/// What a stage reads: files of the user and results of earlier stages.
module internal PUNet.Dsl.Engine.StageInputs

open System
open System.Collections.Generic
open System.IO
open PUNet.Core.Data
open PUNet.Dsl

/// An input with its content hash and where it comes from.
type ResolvedInput =
    {
        Record: RecordedInput
        Folder: string
        /// Of files of the user: what a stage may open.
        Source: DatasetSource option
        /// Of an earlier stage's result: the stage, and what is read of it.
        Result: (GraphNode * Provenance * Facet) option
    }

/// An input that is not what its own stage published.
exception DamagedInput of source: GraphNode * result: Provenance * reads: Facet * what: string

/// A store that can only be read serves what it holds.
let private saveQuietly (index: StatIndex) =
    try
        index.Save()
    with
    | :? IOException
    | :? UnauthorizedAccessException -> ()

/// Files of the user as they are now.
let private read (session: RunSession) path layout =
    lock session.Index (fun () ->
        let source = UserFiles.read session.Index session.Options.DataFolder path layout
        saveQuietly session.Index // hashing large data is not lost when the run is stopped
        source)

/// The input of a name, or what it lacks.
let resolve (session: RunSession) (outcomes: IReadOnlyDictionary<string, StageOutcome>) (graph: Graph) spec (name, input) =
    match input with
    | GraphInput.Files(path, layout) ->
        read session path layout
        |> Result.map (fun source ->
            { Record = { Name = name; From = DataPath.show path; Artifact = ""; Reads = ""; Content = source.Content }
              Folder = source.Dataset.Folder
              Source = Some source.Dataset
              Result = None })
    | GraphInput.Stage id ->
        match outcomes[id].Artifact with
        | Some provenance ->
            let reads = StageSpec.reads spec name

            Ok
                { Record =
                    { Name = name
                      From = graph.Node(id).Label
                      Artifact = provenance.Key
                      Reads = Facet.show reads
                      Content = Provenance.content reads provenance }
                  Folder = session.Store.Artifact provenance.Key
                  Source = None
                  Result = Some(graph.Node id, provenance, reads) }
        | None -> Error $"{graph.Node(id).Label} has no result"

/// Raises IOException where files of the user are no longer what they were when the stage's key was made: what was computed from
/// them may belong to neither state.
let mustBeUnchanged (session: RunSession) (node: GraphNode) (inputs: ResolvedInput list) =
    for name, input in node.Inputs do
        match input, inputs |> List.tryFind (fun resolved -> resolved.Record.Name = name) with
        | GraphInput.Files(path, layout), Some { Record = record; Source = Some before } ->
            let changed =
                match read session path layout with
                | Ok now when now.Content = record.Content -> None
                | Ok now -> Some(UserFiles.difference before now.Dataset)
                | Error what -> Some what

            changed
            |> Option.iter (fun what ->
                let rule = "nothing was kept, since a result belongs to the files it was made from"

                raise (
                    IOException
                        $"the files of {record.From} changed while the stage ran ({what}); {rule}; run again once nothing writes to them"
                ))
        | _ -> ()

/// Compares the results that a stage reads with what was published. Where one is damaged, checkpoints that may have been computed from
/// it go away, and `DamagedInput` is raised; the caller holds the claim of the stage's key.
let mustBeIntact (session: RunSession) key (inputs: ResolvedInput list) =
    for input in inputs do
        match input.Result with
        | None -> ()
        | Some(node, result, reads) ->
            match PublishedFiles.damage session.Store result (Provenance.counts reads) with
            | None -> ()
            | Some what ->
                StorePublishing.forget session.Store key
                raise (DamagedInput(node, result, reads, what))

/// The stage that keeps a node from running: a failed one, or the failed one behind a skipped one.
let blocking (outcomes: IReadOnlyDictionary<string, StageOutcome>) (graph: Graph) (node: GraphNode) =
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
