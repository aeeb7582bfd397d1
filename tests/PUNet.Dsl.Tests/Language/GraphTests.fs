module PUNet.Dsl.Tests.GraphTests

open Expecto
open Expecto.ExpectoFsCheck
open PUNet.Core.Data
open PUNet.Core.Data.Phantoms
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

/// A stage that differs from others by a number, above earlier ones.
let private node number (inputs: StageNode list) =
    { Spec = GeneratePhantoms(PhantomOptions(Subjects = number))
      Label = "stage"
      LabelGiven = false
      Inputs = inputs |> List.mapi (fun i input -> $"input{i}", StageInput.Stage input)
      Position = SourcePosition.atLine "test" number
      Settings = Map.empty
      Problems = [] }

/// A graph without cycles: stage i reads those earlier ones that the choices name.
let private build (choices: int list list) =
    choices
    |> List.indexed
    |> List.fold
        (fun (stages: StageNode list) (i, reads) ->
            let inputs =
                reads |> List.map (fun read -> abs (read % 1000) % max 1 i) |> List.distinct |> List.filter (fun read -> read < i)

            stages @ [ node (i + 1) (inputs |> List.map (fun read -> stages[read])) ])
        []

let private inputIds (node: GraphNode) =
    node.Inputs
    |> List.choose (fun (_, input) ->
        match input with
        | GraphInput.Stage id -> Some id
        | GraphInput.Files _ -> None)

[<Tests>]
let tests =
    testList
        "graph"
        [ test "a stage tells the settings in which it differs from a script that says nothing more, and a plain one has none" {
              let changed (stage: StageNode) =
                  let graph = Graph.ofOutputs [ stage ]

                  [ for node in graph.Nodes do
                        for one in ChangedSettings.find graph node -> node.Label, one.Name, one.Value, one.Usual ]

              let plain = promptTune ToyDeclarations.backbone { target "lungs" }
              Expect.isEmpty (changed plain.Node) "nor has its backbone, nor its dataset"

              let tuned =
                  fineTune ToyDeclarations.backbone {
                      target "lungs"
                      epochs 3
                      subjects 5
                  }

              let label = "fineTune(lungs)"
              Expect.equal (changed tuned.Node) [ label, "epochs", "3", Some "6"; label, "subjects", "5", Some "none" ] ""
          }

          testProperty "every stage stands once, after all it reads" (fun (choices: int list list) ->
              let graph = Graph.ofOutputs (build choices)
              let ids = graph.Nodes |> List.map _.Id
              let before id = ids |> List.takeWhile ((<>) id)

              graph.Nodes.Length = choices.Length
              && List.distinct ids = ids
              && graph.Nodes
                 |> List.forall (fun node -> inputIds node |> List.forall (fun input -> List.contains input (before node.Id))))

          testProperty "labels are unique" (fun (choices: int list list) ->
              let labels = (Graph.ofOutputs (build choices)).Nodes |> List.map _.Label
              List.distinct labels = labels)

          testProperty "the order of the outputs changes order only, not identities" (fun (choices: int list list) ->
              let stages = build choices
              let ids outputs = (Graph.ofOutputs outputs).Nodes |> List.map _.Id |> List.sort
              ids stages = ids (List.rev stages))

          test "equal declarations are one stage" {
              let backbone () = pretrain DesignExample.scans { supervise [ "liver" ] }
              let graph = Graph.ofOutputs [ (backbone ()).Node; (backbone ()).Node ]
              Expect.sequenceEqual (graph.Nodes |> List.map _.Label) [ "prepare(CT-ORG)"; "pretrain" ] ""
          }

          test "the order of settings and of class lists does not matter" {
              let one =
                  pretrain DesignExample.scans {
                      supervise [ "liver"; "bladder" ]
                      epochs 3
                      seed 2
                  }

              let other =
                  pretrain DesignExample.scans {
                      seed 2
                      epochs 3
                      supervise [ "bladder"; "liver" ]
                  }

              Expect.equal (Graph.ofOutputs [ one.Node; other.Node ]).Nodes.Length 2 "one dataset and one pre-training"
          }

          test "stages of one label are told apart by the settings in which they differ" {
              let labels = (Graph.ofExperiment DesignExample.sweep).Nodes |> List.map _.Label
              Expect.contains labels "promptTune(stomach)[seed=2]" ""
              Expect.contains labels "evaluate(promptTune(stomach)[seed=2])" ""
              Expect.contains labels "tuneDecoder(stomach, pancreas)" ""
          }

          test "what depends on a stage is found" {
              let graph = Graph.ofExperiment DesignExample.ctorg
              let tuning = graph.Nodes |> List.find (fun node -> node.Label = "promptTune(bone)")

              Expect.sequenceEqual
                  (Graph.dependents graph tuning.Id |> List.map _.Label)
                  [ "evaluate(promptTune(bone))"; "table(ctorg)" ]
                  ""
          }

          test "a graph is drawn with every stage and each edge once" {
              let graph = Graph.ofExperiment DesignExample.ctorg
              let mermaid, dot = GraphRendering.mermaid graph, GraphRendering.dot graph
              Expect.stringStarts mermaid "flowchart TD\n" ""
              Expect.stringContains mermaid "s1[\"pretrain\"]" ""
              Expect.stringContains mermaid "    s0 --> s1\n" ""
              Expect.stringContains dot "s1 [label=\"pretrain\", shape=box];" ""
              Expect.stringEnds dot "}\n" ""
              let lines = mermaid.Split '\n'
              Expect.equal (Array.distinct lines).Length lines.Length ""
          }

          test "seeds repeat every evaluated stage, share its row, and stand once each" {
              let seeded numbers =
                  let backbone = (smallExperiment 5).Outputs |> List.tryPick (StageNode.input "backbone") |> Option.get |> Stage<Backbone>
                  let tuned = [ for organ in [ "lungs"; "bone" ] -> promptTune backbone { target organ } ]
                  let full = [ for organ in [ "lungs"; "bone" ] -> fineTune backbone { target organ } ]

                  experiment "seeded" {
                      compare tuned full
                      seeds numbers
                  }

              let found = seeded [ 4; 5; 6 ]
              Expect.isEmpty (ExperimentChecks.problems found) ""
              let nodes = (Graph.ofExperiment found).Nodes
              let label = nodes |> List.filter (fun node -> node.Label.StartsWith "promptTune(lungs)") |> List.map _.Label
              Expect.equal label [ "promptTune(lungs)[seed=4]"; "promptTune(lungs)[seed=5]"; "promptTune(lungs)[seed=6]" ] ""
              Expect.hasLength (nodes |> List.filter _.Spec.IsPretrain) 1 "one backbone for all"

              match (List.last found.Outputs).Spec with
              | Report settings ->
                  Expect.equal (settings.Rows |> List.countBy _.Repetition) [ for i in 0..3 -> Some i, 3 ] ""
                  Expect.hasLength settings.Comparisons 6 "of each seed with the same one"
              | other -> failtest $"{other}"

              Expect.stringContains
                  (ExperimentChecks.problems (seeded [ 4; 4 ]) |> List.map string |> String.concat "")
                  "seed 4 stands 2 times"
                  ""
          } ]
