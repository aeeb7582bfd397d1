/// All faults of an experiment and of every stage it depends on.
module PUNet.Dsl.ExperimentChecks

open System.Collections.Generic
open PUNet.Dsl.Rules

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
                      (StageNode.position "label" other |> SourcePosition.locate "label")
                      $"two stages are called \"{label}\""
                      "labels tell stages apart"
                      $"the other one: {first.Position}"
                      "rename one of them" ]
        | [] -> [])

/// Stages of equal settings to which the script gave different labels: they are one stage, and one label would be lost.
let private sameStages (nodes: StageNode list) =
    nodes
    |> List.filter _.LabelGiven
    |> List.groupBy (fun node -> StageSpec.kind node.Spec, StageSpec.parameters node.Spec, node.Inputs)
    |> List.collect (fun (_, group) ->
        match group |> List.distinctBy _.Label with
        | first :: others ->
            [ for other in others ->
                  Problem.at
                      (StageNode.position "label" other |> SourcePosition.locate "label")
                      $"stage \"{other.Label}\" is the same as \"{first.Label}\""
                      "stages differ in a setting that has an effect on them"
                      "the same settings and inputs"
                      "change a setting of one, or remove it" ]
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

let private classes (node: StageNode) = StageSpec.classes node.Spec

let private partner (others: StageNode list) node = others |> List.tryFind (fun other -> classes other = classes node)

/// Pairs of compared stages by their classes.
let internal pairs (left: StageNode list) (right: StageNode list) =
    left |> List.choose (fun node -> partner right node |> Option.map (fun other -> node, other))

/// Compared stages that have no partner.
let internal lonely (where: Where) (left: StageNode list) (right: StageNode list) =
    [ for node in left do
          if (partner right node).IsNone then
              let names = classes node |> String.concat ", "

              Problem.at
                  (where "compare")
                  $"{node.Label} has nothing to be compared with"
                  "compared stages segment the same classes"
                  (right |> List.map _.Label |> String.concat ", ")
                  $"add a stage for {names} on the right" ]

/// Seeds that repeat nothing, or not what the script says.
let internal seeds (given: Map<string, SourcePosition>) (where: Where) name (seeds: int list) (evaluated: StageNode list) =
    [ if given.ContainsKey "seeds" && seeds.IsEmpty then
          Problem.at (where "seeds") "seeds is empty" "every evaluated stage is trained once per seed" "[]" "remove it"
      for seed, times in List.countBy id seeds do
          if times > 1 then
              Problem.at (where "seeds") $"seed {seed} stands {times} times" "each seed stands once" $"{seeds}" "remove the repetition"
      for node in evaluated do
          if not seeds.IsEmpty && (StageSpec.reseeded 0 node.Spec).IsNone then
              Problem.at
                  (where "seeds")
                  $"seeds cannot repeat {node.Label}"
                  "a stage is repeated that draws at random itself"
                  (StageSpec.kind node.Spec)
                  "write the loop over seeds around what it is made of"
          elif not seeds.IsEmpty && node.Settings.ContainsKey "seed" then
              Problem.at
                  (StageNode.position "seed" node |> SourcePosition.locate "seed")
                  $"seed has no effect on {node.Label}"
                  $"experiment \"{name}\" trains it once for each of its seeds"
                  ""
                  "remove it here, or seeds there" ]

/// An experiment without results, and evaluated stages that have none.
let internal empty (where: Where) name (evaluated: (StageNode * SourcePosition) list) =
    [ if evaluated.IsEmpty then
          Problem.at (where "experiment") $"experiment \"{name}\" evaluates nothing" "" "" "add evaluate and a model"
      for node, position in evaluated do
          if (classes node).IsEmpty && node.Problems.IsEmpty then
              Problem.at
                  (SourcePosition.locate "evaluate" position)
                  $"{node.Label} has no class to evaluate"
                  "an evaluated stage has learned classes"
                  (StageSpec.kind node.Spec)
                  "" ]

/// All faults, in the order of the script; empty for an experiment that can run.
let problems (experiment: Experiment) : Problem list =
    let nodes = reachable experiment.Outputs

    [ yield! experiment.Problems
      for node in nodes do
          yield! node.Problems
      yield! sameLabels nodes
      yield! sameStages nodes ]
    |> Problem.inOrder

/// All faults of the experiments of a script, each once.
let problemsOfAll (experiments: Experiment list) : Problem list =
    List.collect problems experiments @ sameNames experiments |> Problem.inOrder

/// All faults of the stages that the rest of a script waits for.
let problemsOfParts (parts: WaitingPart list) : Problem list =
    parts |> List.collect _.Awaited |> List.map _.Stage |> reachable |> List.collect _.Problems |> Problem.inOrder
