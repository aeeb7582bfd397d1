/// Whether a prepared dataset has subjects in the parts that are to be evaluated: told before anything is trained for that.
module internal PUNet.Dsl.Engine.EvaluatedParts

open PUNet.Core.Data
open PUNet.Core.Data.Prepared
open PUNet.Dsl

let private evaluations (graph: Graph) (prepared: GraphNode) =
    [ for node in graph.Nodes do
          for options in Option.toList (StageSpec.evaluation node.Spec) do
              for name, input in node.Inputs do
                  match input with
                  | GraphInput.Stage id when name = "scans" && id = prepared.Id -> node, options.Part
                  | _ -> () ]

/// What a prepared dataset, the result in `folder`, lacks; none for other stages.
let missing (graph: Graph) (node: GraphNode) (folder: string) : string option =
    match StageSpec.dataset node.Spec, evaluations graph node with
    | Some _, (_ :: _ as evaluations) ->
        try
            DatasetCard.Read folder |> ignore // what is no dataset lacks no part of one
            let parts = PreparedDataset.Sizes folder

            evaluations
            |> List.tryFind (fun (_, part) -> parts[part] = 0)
            |> Option.map (fun (evaluation, part) ->
                let sizes = [ for part in parts -> $"{(string part.Key).ToLowerInvariant()} {part.Value}" ] |> String.concat ", "
                let name = (string part).ToLowerInvariant()
                $"{evaluation.Label} reads the {name} part, which has no subject ({sizes}); add subjects to it or change the split")
        with :? DatasetException ->
            None // whoever reads the result tells that it cannot be read
    | _ -> None
