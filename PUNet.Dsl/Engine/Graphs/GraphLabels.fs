/// Unique readable names for the stages of a graph.
module internal PUNet.Dsl.Engine.GraphLabels

open PUNet.Core.Common
open PUNet.Dsl

/// Labels of stages that share one, each with the traits in which they differ.
let private complete (group: (string * StageNode) list) =
    List.zip group (Traits.differing (List.map snd group)) |> List.map (fun ((id, node), suffix) -> id, node.Label + suffix)

/// Numbers what is still equal.
let private number (labels: (string * string) list) =
    labels
    |> List.groupBy snd
    |> List.collect (fun (label, group) -> group |> List.mapi (fun i (id, _) -> id, (if i = 0 then label else $"{label}#{i + 1}")))

/// A unique label for every identity: the declared one where it is unique, else with the differing traits in brackets, else
/// with a number. Evaluations take the label of what they evaluate.
let distinguish (stages: (string * StageNode) list) : Map<string, string> =
    let isEvaluation (_, node: StageNode) = (StageSpec.evaluation node.Spec).IsSome && not node.LabelGiven
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
            match StageSpec.evaluation node.Spec with
            | Some options when options.Part <> Part.Test -> $"{(string options.Part).ToLowerInvariant()}({label})"
            | Some _
            | None -> $"evaluate({label})")
        |> Option.defaultValue node.Label

    labels @ (evaluations |> List.map (fun (id, node) -> id, evaluationLabel node)) |> number |> Map.ofList
