/// The settings in which a stage differs from what a script that says nothing more starts from.
module PUNet.Dsl.Engine.ChangedSettings

open PUNet.Dsl

/// A setting with its value and the usual one, both as people read them.
type ChangedSetting =
    {
        /// For example network.heads.
        Name: string
        Value: string
        /// None where the usual settings have no such field.
        Usual: string option
    }

/// Of a stage of a graph, by name; settings that only the usual ones have count as none. Nothing for a stage without settings.
let find (graph: Graph) (node: GraphNode) : ChangedSetting list =
    let read wanted choose =
        node.Inputs
        |> List.tryPick (fun (name, input) ->
            match input with
            | GraphInput.Stage id when name = wanted -> choose (graph.Node id).Spec
            | _ -> None)

    let backbone = read "backbone" (StageSpec.backbone >> Option.map fst)
    let classes = read "scans" StageSpec.dataset |> Option.map (ClassNames.ofDataset >> List.length) |> Option.defaultValue 0
    let fit network = NetworkDeclaration.ofConfiguration network |> NetworkDeclaration.forClasses classes

    match StageSpec.usual fit backbone node.Spec with
    | None -> []
    | Some usual ->
        let now, usual = Canonical.leaves (StageSpec.parameters node.Spec), Canonical.leaves (StageSpec.parameters usual)
        let names = Seq.append now.Keys usual.Keys |> Seq.distinct |> Seq.sort |> List.ofSeq

        [ for name in names do
              match now.TryFind name, usual.TryFind name with
              | Some value, before when before <> Some value ->
                  { Name = name; Value = Canonical.show value; Usual = Option.map Canonical.show before }
              | None, Some Nothing -> () // it became a record, whose fields are told
              | None, Some before -> { Name = name; Value = Canonical.show Nothing; Usual = Some(Canonical.show before) }
              | _ -> () ]
