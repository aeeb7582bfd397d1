/// The options that `run` and `plan` share.
module PUNet.Cli.Commands.Options

open System
open PUNet.Cli
open PUNet.Dsl
open PUNet.Dsl.Engine

let private unknownStage (graph: Graph) label =
    let remedy = NearestName.remedy label (graph.Nodes |> List.map _.Label)
    Usage $"the script has no stage {label}; {remedy}"

/// Where results and data lie and what is forced, for what a script declares.
let make (declared: Declarations) store data device (force: string list) (jobs: int option) verifyContent : Result<RunOptions, Fault> =
    match force |> List.tryFind (declared.Graph.TryLabel >> Option.isNone) with
    | Some label when declared.Waiting.IsEmpty -> Error(unknownStage declared.Graph label)
    | _ when jobs |> Option.exists (fun jobs -> jobs < 1) -> Error(Usage "--jobs takes a number from 1")
    | _ ->
        Device.choose device
        |> Result.bind (fun device ->
            StoreChoice.look (Locations.store store declared.Folder) |> Result.map (fun store -> device, store.Root))
        |> Result.map (fun (device, store) ->
            { RunOptions.inFolders store (Locations.data data declared.Folder) with
                Script = Some declared.Script
                Environment = KeyEnvironment.forDevice device
                Force = Set.ofList force
                Jobs = jobs |> Option.defaultWith (fun () -> if device = "cpu" then Environment.ProcessorCount else 1)
                VerifyContent = verifyContent })
