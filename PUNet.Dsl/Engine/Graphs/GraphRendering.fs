/// A graph as text for drawing programs.
module PUNet.Dsl.Engine.GraphRendering

open System.Text
open PUNet.Dsl

let private lines (graph: Graph) (node: string -> string -> string) (edge: string -> string -> string) =
    let number = graph.Nodes |> List.mapi (fun i node -> node.Id, $"s{i}") |> Map.ofList

    let files =
        graph.Nodes
        |> List.collect _.Inputs
        |> List.choose (fun (_, input) ->
            match input with
            | GraphInput.Files(path, _) -> Some(DataPath.show path)
            | GraphInput.Stage _ -> None)
        |> List.distinct

    let fileNumber = files |> List.mapi (fun i path -> path, $"f{i}") |> Map.ofList

    [ for path in files -> node fileNumber[path] path
      for stage in graph.Nodes -> node number[stage.Id] stage.Label
      for stage in graph.Nodes do
          for _, input in stage.Inputs ->
              match input with
              | GraphInput.Stage id -> edge number[id] number[stage.Id]
              | GraphInput.Files(path, _) -> edge fileNumber[DataPath.show path] number[stage.Id] ]
    |> List.distinct // a table reads one dataset once per row

let private join (header: string) body (footer: string) =
    let text = StringBuilder().Append(header).Append '\n'
    body |> List.iter (fun (line: string) -> text.Append("    ").Append(line).Append '\n' |> ignore)
    text.Append(footer).ToString()

/// Mermaid flowchart, top down.
let mermaid (graph: Graph) =
    let escape (label: string) = label.Replace("\"", "#quot;")
    join "flowchart TD" (lines graph (fun id label -> $"{id}[\"{escape label}\"]") (fun a b -> $"{a} --> {b}")) ""

/// Graphviz DOT.
let dot (graph: Graph) =
    let escape (label: string) = label.Replace("\\", "\\\\").Replace("\"", "\\\"")

    join
        "digraph experiment {"
        (lines graph (fun id label -> $"{id} [label=\"{escape label}\", shape=box];") (fun a b -> $"{a} -> {b};"))
        "}\n"
