namespace PUNet.Cli.Commands

open PUNet.Core.Inference
open PUNet.Dsl
open PUNet.Dsl.Engine

/// A stage with its result.
type Finished = { Node: GraphNode; Artifact: Provenance; Store: Store }

/// An evaluation with what was scored.
type Scored =
    {
        Stage: Finished
        /// Label of the model.
        Model: string
        /// Folder of the result.
        Folder: string
        Summary: EvaluationSummary
    }

module Finished =
    /// The stages of a plan that have a result.
    let ofPlan (store: Store) (plan: PlanEntry list) =
        [ for entry in plan do
              match entry.Status with
              | PlanStatus.Cached key ->
                  match Store.find store key with
                  | Stored.Present artifact -> { Node = entry.Node; Artifact = artifact; Store = store }
                  | _ -> ()
              | _ -> () ]

    /// A file of the result, if it has one of that name. Raises IOException where it is damaged.
    let file (stage: Finished) (name: string) =
        stage.Artifact.Files
        |> List.tryFind (fun file -> file.Path = name)
        |> Option.map (fun file -> PublishedFiles.path stage.Store stage.Artifact file.Path)

    /// The evaluations among the stages of a graph. Raises IOException where one is damaged.
    let scored (graph: Graph) (stages: Finished list) =
        [ for stage in stages do
              match StageSpec.evaluation stage.Node.Spec, file stage EvaluationSummary.FileName with
              | Some _, Some _ ->
                  let sources = graph.Sources stage.Node
                  let folder = stage.Store.Artifact stage.Artifact.Key

                  let model = sources.TryFind "model" |> Option.orElse (sources.TryFind "backbone") |> Option.defaultValue stage.Node.Label

                  { Stage = stage; Model = model; Folder = folder; Summary = EvaluationSummary.Read folder }
              | _ -> () ]
