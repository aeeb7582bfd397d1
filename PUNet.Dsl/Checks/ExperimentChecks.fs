/// All faults of an experiment and of every stage it depends on.
module PUNet.Dsl.ExperimentChecks

open System.Collections.Generic

/// Every stage that the outputs depend on, each once, inputs first.
let private reachable (outputs: StageNode list) =
    let seen = HashSet<StageNode>(HashIdentity.Reference)
    let order = List<StageNode>()

    let rec visit node =
        if seen.Add node then
            for _, input in node.Inputs do
                match input with
                | StageInput.Stage stage -> visit stage
                | StageInput.Files _ -> ()

            order.Add node

    outputs |> List.iter visit
    List.ofSeq order

/// Different stages to which the script itself gave one label.
let private sameLabels (nodes: StageNode list) =
    nodes
    |> List.filter _.LabelGiven
    |> List.groupBy _.Label
    |> List.collect (fun (label, group) ->
        match group |> List.distinctBy (fun node -> StageSpec.parameters node.Spec, node.Position) with
        | first :: others ->
            [ for other in others ->
                  Problem.at
                      (StageNode.position "label" other)
                      $"two stages are called \"{label}\""
                      "labels tell stages apart"
                      $"the other one: {first.Position}"
                      "rename one of them" ]
        | [] -> [])

/// Experiments of one name in a script.
let private sameNames (experiments: Experiment list) =
    experiments
    |> List.groupBy _.Name
    |> List.collect (fun (name, group) ->
        match group with
        | first :: others ->
            [ for other in others ->
                  Problem.at
                      other.Position
                      $"two experiments are called \"{name}\""
                      "names tell experiments apart"
                      $"the other one: {first.Position}"
                      "rename one of them" ]
        | [] -> [])

/// All faults, in the order of the script; empty for an experiment that can run.
let problems (experiment: Experiment) : Problem list =
    let nodes = reachable experiment.Outputs

    [ yield! experiment.Problems
      for node in nodes do
          yield! node.Problems
      yield! sameLabels nodes ]
    |> Problem.inOrder

/// All faults of the experiments of a script, each once.
let problemsOfAll (experiments: Experiment list) : Problem list =
    List.collect problems experiments @ sameNames experiments |> Problem.inOrder

/// All faults of the stages that the rest of a script waits for.
let problemsOfParts (parts: WaitingPart list) : Problem list =
    parts |> List.collect _.Awaited |> List.map _.Stage |> reachable |> List.collect _.Problems |> Problem.inOrder
