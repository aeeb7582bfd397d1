namespace PUNet.Dsl.Engine

open System.Collections.Generic
open PUNet.Core.Data
open PUNet.Core.Data.Layouts
open PUNet.Dsl

/// What a stage of a graph reads.
[<RequireQualifiedAccess>]
type GraphInput =
    /// The result of the stage with this identity.
    | Stage of id: string
    /// The files of a folder of the user that its layout lists.
    | Files of path: DataPath * layout: DatasetLayout

/// A stage in its graph.
type GraphNode =
    {
        /// Identity: hash of what is declared, the stage's inputs included. Two equal declarations are one stage.
        Id: string
        /// Unique in the graph.
        Label: string
        Spec: StageSpec
        Inputs: (string * GraphInput) list
        Position: SourcePosition
    }

/// The stages of an experiment, each after all it depends on.
type Graph =
    { Nodes: GraphNode list }

    /// The node of an identity.
    member graph.Node id = graph.Nodes |> List.find (fun node -> node.Id = id)

    /// Labels of the stages whose results a stage reads, by the names of its inputs.
    member graph.Sources(node: GraphNode) =
        Map.ofList
            [ for name, input in node.Inputs do
                  match input with
                  | GraphInput.Stage id -> name, graph.Node(id).Label
                  | GraphInput.Files _ -> () ]

    /// The node of a label, if there is one.
    member graph.TryLabel label = graph.Nodes |> List.tryFind (fun node -> node.Label = label)

module Graph =
    let private fileIdentity (path: DataPath) (layout: DatasetLayout) =
        Canonical.fields [ "files", CanonicalRecord.ofObject path; "layout", CanonicalRecord.ofObject layout ]

    /// Stages reachable from the outputs, inputs before what reads them, equal declarations once, in the order of declaration.
    let private collect (outputs: StageNode list) =
        let identities = Dictionary<StageNode, string>(HashIdentity.Reference)
        let found = Dictionary<string, StageNode * (string * GraphInput) list>()
        let order = List<string>()

        let rec visit node =
            match identities.TryGetValue node with
            | true, id -> id
            | _ ->
                let inputs =
                    node.Inputs
                    |> List.map (fun (name, input) ->
                        match input with
                        | StageInput.Stage stage -> name, GraphInput.Stage(visit stage)
                        | StageInput.Files(path, layout) -> name, GraphInput.Files(path, layout))

                let identity =
                    Canonical.fields
                        [ "kind", Text(StageSpec.kind node.Spec)
                          "parameters", StageSpec.parameters node.Spec
                          "inputs",
                          inputs
                          |> List.map (fun (name, input) ->
                              match input with
                              | GraphInput.Stage id -> name, Text id
                              | GraphInput.Files(path, layout) -> name, fileIdentity path layout)
                          |> Canonical.fields ]

                let id = (Canonical.hash identity).Substring(0, 32)
                identities[node] <- id

                if found.TryAdd(id, (node, inputs)) then
                    order.Add id

                id

        outputs |> List.iter (visit >> ignore)
        [ for id in order -> let node, inputs = found[id] in id, node, inputs ]

    /// The graph of some outputs; labels that several stages share are completed by the settings in which these differ.
    let ofOutputs (outputs: StageNode list) : Graph =
        let stages = collect outputs
        let labels = GraphLabels.distinguish [ for id, node, _ in stages -> id, node ]

        { Nodes =
            [ for id, node, inputs in stages -> { Id = id; Label = labels[id]; Spec = node.Spec; Inputs = inputs; Position = node.Position } ] }

    /// Identity of a declared stage in every graph that holds it.
    let identity (stage: StageNode) =
        match List.tryLast (collect [ stage ]) with
        | Some(id, _, _) -> id
        | None -> ""

    /// The graph of an experiment.
    let ofExperiment (experiment: Experiment) = ofOutputs experiment.Outputs

    /// The stages that prepare datasets, with what these read.
    let preparations (graph: Graph) : Graph = { Nodes = graph.Nodes |> List.filter (fun node -> StageSpec.preparesData node.Spec) }

    /// Everything that depends on a stage, directly or not; in the graph's order, without the stage itself.
    let dependents (graph: Graph) id =
        let reached = HashSet<string>([ id ])

        graph.Nodes
        |> List.filter (fun node ->
            let reads =
                node.Inputs
                |> List.exists (fun (_, input) ->
                    match input with
                    | GraphInput.Stage upstream -> reached.Contains upstream
                    | GraphInput.Files _ -> false)

            reads && reached.Add node.Id)
