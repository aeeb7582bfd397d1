/// What a run leaves for its reader: tables, and where everything lies.
module PUNet.Cli.Commands.Results

open System
open System.IO
open PUNet.Cli.Rendering
open PUNet.Core.Inference.Results
open PUNet.Dsl.Engine

/// A result that no other stage reads.
type Result = { Label: string; Artifact: string; Folder: string }

let private isRead (graph: Graph) (node: GraphNode) =
    graph.Nodes
    |> List.exists (fun other -> other.Inputs |> List.exists (fun (_, input) -> input = GraphInput.Stage node.Id))

/// The results at the ends of the graph, in its order; those of stages that failed are missing.
let find (storeFolder: string) (graph: Graph) (run: RunResult) : Result list =
    let store = Store.at storeFolder

    [ for node, outcome in run.Outcomes do
          match outcome.Artifact with
          | Some artifact when not (isRead graph node) ->
              { Label = node.Label; Artifact = artifact.Key; Folder = store.Artifact artifact.Key }
          | _ -> () ]

/// The path as short as it can be typed in the current folder.
let private fromHere (path: string) =
    let relative = Path.GetRelativePath(Environment.CurrentDirectory, path)
    if relative.StartsWith ".." then path else relative

let private grid (grid: ResultGrid) =
    TextTable.lines (List.ofSeq grid.Header) (List.ofSeq grid.Numbers) [ for row in grid.Rows -> List.ofSeq row ]

/// A table with what its figures mean, what its comparisons come to, and where its picture lies.
let private table (folder: string) (table: ResultTable) =
    [ table.Title
      ""
      yield! grid table.Grid
      ""
      yield! table.Notes
      if table.Comparisons.Count > 0 then
          ""
          yield! grid table.ComparisonGrid
          ""
          yield! table.ComparisonNotes
      match table.PictureCaption with
      | null -> ()
      | caption -> $"Picture: {fromHere (Path.Combine(folder, ResultTable.PictureFile))}. {caption}" ]
    |> String.concat "\n"

/// The tables of the results, and the folders that hold them. Raises IOException where a table is damaged.
let show (results: Result list) : string =
    let tables =
        [ for result in results do
              match Option.ofObj (ResultTable.Read result.Folder) with
              | Some found -> table result.Folder found
              | None -> () ]

    let width = results |> List.map _.Label.Length |> List.fold max 0

    let folders = [ for result in results -> $"{result.Label.PadRight width}  {fromHere result.Folder}" ]

    String.Join("\n\n", tables @ [ String.Join("\n", folders) ])
