/// What a stage reads: files of the user and results of earlier stages.
module internal PUNet.Dsl.Engine.StageInputs

open System
open System.Collections.Generic
open System.IO
open PUNet.Dsl

/// An input with its content hash and where it comes from.
type ResolvedInput = { Record: RecordedInput; Folder: string }

/// A store that can only be read serves what it holds.
let private saveQuietly (index: StatIndex) =
    try
        index.Save()
    with
    | :? IOException
    | :? UnauthorizedAccessException -> ()

/// The input of a name, or what it lacks.
let resolve (session: RunSession) (outcomes: IReadOnlyDictionary<string, StageOutcome>) (graph: Graph) (name, input) =
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
