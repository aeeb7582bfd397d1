namespace PUNet.Cli.Commands

open PUNet.Dsl
open PUNet.Dsl.Engine

/// A stage with its result.
type Finished = { Node: GraphNode; Artifact: Provenance; Store: Store }

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
