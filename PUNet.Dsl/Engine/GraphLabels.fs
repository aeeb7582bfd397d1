/// Unique readable names for the stages of a graph.
module internal PUNet.Dsl.Engine.GraphLabels

open PUNet.Core.Common
open PUNet.Dsl

/// What tells a stage apart for a reader: its settings, and the labels of what it reads.
let private traits (node: StageNode) =
    let inputs =
        [ for name, input in node.Inputs do
              match input with
              | StageInput.Stage stage -> name, Text stage.Label
              | StageInput.Files(path, _) -> name, Text(DataPath.show path) ]

    let leaves = StageSpec.parameters node.Spec |> Canonical.leaves
    inputs |> List.fold (fun leaves (name, label) -> Map.add name label leaves) leaves

/// Labels of stages that share one, each with the traits in which they differ, at most three.
let private complete (group: (string * StageNode) list) =
    let all = group |> List.map (fun (id, node) -> id, node, traits node)
    let values path = all |> List.map (fun (_, _, own) -> Map.tryFind path own) |> List.distinct
    let paths = all |> List.collect (fun (_, _, own) -> own |> Map.keys |> List.ofSeq) |> List.distinct |> List.sort
    let differing = paths |> List.filter (fun path -> (values path).Length > 1) |> List.truncate 3
    let short (path: string) = path.Substring(path.LastIndexOf '.' + 1)
    let value path own = Map.tryFind path own |> Option.map Canonical.show |> Option.defaultValue "none"

    [ for id, node, own in all ->
          match differing with
          | [] -> id, node.Label
          | paths ->
              let shown = paths |> List.map (fun path -> $"{short path}={value path own}") |> String.concat ", " in
              id, $"{node.Label}[{shown}]" ]

/// Numbers what is still equal.
let private number (labels: (string * string) list) =
    labels
    |> List.groupBy snd
    |> List.collect (fun (label, group) -> group |> List.mapi (fun i (id, _) -> id, (if i = 0 then label else $"{label}#{i + 1}")))

/// A unique label for every identity: the declared one where it is unique, else with the differing traits in brackets, else
/// with a number. Evaluations take the label of what they evaluate.
let distinguish (stages: (string * StageNode) list) : Map<string, string> =
    let isEvaluation (_, node: StageNode) = node.Spec.IsEvaluate && not node.LabelGiven
    let evaluations, others = List.partition isEvaluation stages

    let labels =
        others
        |> List.groupBy (fun (_, node) -> node.Label)
        |> List.collect (fun (_, group) ->
            match group with
            | [ id, node ] -> [ id, node.Label ]
            | _ -> complete group)
        |> number

    let labelOf node =
        others
        |> List.tryFind (fun (_, other) -> obj.ReferenceEquals(other, node))
        |> Option.bind (fun (id, _) -> labels |> List.tryFind (fun (other, _) -> other = id) |> Option.map snd)

    let evaluationLabel node =
        StageNode.input "model" node
        |> Option.orElse (StageNode.input "backbone" node)
        |> Option.bind labelOf
        |> Option.map (fun label ->
            match node.Spec with
            | Evaluate settings when settings.Part <> Part.Test -> $"{(string settings.Part).ToLowerInvariant()}({label})"
            | _ -> $"evaluate({label})")
        |> Option.defaultValue node.Label

    labels @ (evaluations |> List.map (fun (id, node) -> id, evaluationLabel node)) |> number |> Map.ofList
