/// The parts of a script that wait for values of stages: what of them the store knows, and what is wrong with classes of the subjects.
module PUNet.Cli.Commands.Continuation

open PUNet.Cli
open PUNet.Dsl
open PUNet.Dsl.Engine

/// Faults that show once datasets are prepared: no training and no choice can be made of a class that no subject has.
let absentClasses (declared: Declarations) (options: RunOptions) (prepared: (GraphNode * Provenance) list) : Result<unit, Fault> =
    let store = Store.at options.StoreFolder
    let compared = declared.AwaitedStages |> List.map Graph.identity |> Set.ofList

    let folderOf id =
        prepared
        |> List.tryFind (fun (node, _) -> node.Id = id)
        |> Option.map (fun (_, artifact) -> store.Artifact artifact.Key)

    match AbsentClasses.problems folderOf compared declared.Graph with
    | [] -> Ok()
    | problems -> Error(InScript problems)

/// Goes on with the parts whose values these results tell. `artifactOf`: the result of a stage's identity, if it is there.
let goOn (declared: Declarations) (options: RunOptions) (artifactOf: string -> Provenance option) : Result<Declarations * bool, Fault> =
    let store = Store.at options.StoreFolder

    let figure (awaited: Awaited) =
        artifactOf (Graph.identity awaited.Stage)
        |> Option.map (fun artifact -> Stages.figure (store.Artifact artifact.Key) awaited.Figure)

    Declarations.goOn declared figure
