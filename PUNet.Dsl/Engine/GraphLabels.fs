/// Unique readable names for the stages of a graph.
module internal PUNet.Dsl.Engine.GraphLabels

open PUNet.Dsl

/// The part of a setting's path that tells it apart for a reader: parameters.seed → seed.
let private lastPart (path: string) =
    path.Substring(path.LastIndexOf '.' + 1)

/// Among stages of one label: the settings in which they differ.
let private differences (nodes: StageNode list) =
    let leaves = nodes |> List.map (fun node -> StageSpec.parameters node.Spec |> Canonical.leaves)
    let paths = leaves |> List.collect (Map.keys >> List.ofSeq) |> List.distinct |> List.sort

    paths
    |> List.filter (fun path -> leaves |> List.map (Map.tryFind path) |> List.distinct |> List.length > 1)

let private complete label (path: string list) (node: StageNode) =
    let leaves = StageSpec.parameters node.Spec |> Canonical.leaves

    let settings =
        path
        |> List.map (fun path ->
            let value = leaves |> Map.tryFind path |> Option.map Canonical.show |> Option.defaultValue "none"
            $"{lastPart path}={value}")
        |> String.concat ", "

    $"{label}[{settings}]"

/// A unique label for every identity: the given one where it is unique, else with the differing settings in brackets,
/// else with a number.
let distinguish (stages: (string * StageNode) list) : Map<string, string> =
    let withSettings =
        stages
        |> List.groupBy (fun (_, node) -> node.Label)
        |> List.collect (fun (label, group) ->
            match group with
            | [ id, _ ] -> [ id, label ]
            | _ ->
                match differences (List.map snd group) with
                | [] -> group |> List.map (fun (id, _) -> id, label)
                | paths -> group |> List.map (fun (id, node) -> id, complete label (List.truncate 3 paths) node))

    withSettings
    |> List.groupBy snd
    |> List.collect (fun (label, group) ->
        match group with
        | [ id, _ ] -> [ id, label ]
        | _ -> group |> List.mapi (fun i (id, _) -> id, (if i = 0 then label else $"{label}#{i + 1}")))
    |> Map.ofList
