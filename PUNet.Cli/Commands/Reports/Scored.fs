namespace PUNet.Cli.Commands

open PUNet.Core.Inference
open PUNet.Dsl
open PUNet.Dsl.Engine

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

module Scored =
    /// The evaluations among the stages of a graph. Raises IOException where one is damaged.
    let ofStages (graph: Graph) (stages: Finished list) =
        [ for stage in stages do
              match StageSpec.evaluation stage.Node.Spec, Finished.file stage EvaluationSummary.FileName with
              | Some _, Some _ ->
                  let sources = graph.Sources stage.Node
                  let folder = stage.Store.Artifact stage.Artifact.Key

                  let model = sources.TryFind "model" |> Option.orElse (sources.TryFind "backbone") |> Option.defaultValue stage.Node.Label

                  { Stage = stage; Model = model; Folder = folder; Summary = EvaluationSummary.Read folder }
              | _ -> () ]
