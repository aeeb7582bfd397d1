namespace PUNet.Cli.Commands

open System
open Argu
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Dsl
open PUNet.Dsl.Engine

/// What a command line says of where the results of a script lie and how they are or were computed: the same for every command that
/// takes a script, as other answers mean other results.
type ScriptOptions =
    {
        /// --store
        Store: string option
        /// --data
        Data: string option
        /// --device
        Device: string option
        /// Whether this machine computes or only reads what another may have computed.
        Computes: bool
        /// --determinism
        Determinism: string option
        /// --force
        Force: string list
        /// --jobs
        Jobs: int option
        /// --verify-content
        VerifyContent: bool
    }

module ScriptOptions =
    /// Levels of determinism.
    let levels = [ "strict"; "seeded"; "fast" ]

    /// Where results and data lie and how they are or were computed, as it was given.
    let ofGiven (given: ParseResults<CommandOption>) =
        { Store = given.TryGetResult CommandOption.Store
          Data = given.TryGetResult CommandOption.Data
          Device = given.TryGetResult CommandOption.Device
          Computes = false
          Determinism = given.TryGetResult CommandOption.Determinism
          Force = given.GetResults CommandOption.Force
          Jobs = given.TryGetResult CommandOption.Jobs
          VerifyContent = given.Contains CommandOption.Verify_Content }

    let private determinism given =
        match Option.defaultValue "seeded" given with
        | level when List.contains level levels -> Ok level
        | other -> Error(Usage $"--determinism is strict, seeded or fast; {NearestName.remedy other levels}")

    let private device (given: ScriptOptions) = if given.Computes then Device.choose given.Device else Device.named given.Device

    let private unknownStage (graph: Graph) label =
        let remedy = NearestName.remedy label (graph.Nodes |> List.map _.Label)
        Usage $"the script has no stage {label}; {remedy}"

    /// A label that no stage has; parts that wait may yet declare it.
    let private knownLabels (declared: Declarations) labels =
        match labels |> List.tryFind (declared.Graph.TryLabel >> Option.isNone) with
        | Some label when declared.Waiting.IsEmpty -> Error(unknownStage declared.Graph label)
        | Some _
        | None -> Ok()

    let private positive jobs = Result.requireFalse (Usage "--jobs takes a number from 1") (jobs |> Option.exists (fun jobs -> jobs < 1))

    /// How what a script declares is planned and run.
    let resolve (declared: Declarations) (given: ScriptOptions) : Result<RunOptions, Fault> =
        result {
            do! knownLabels declared given.Force
            do! positive given.Jobs
            let! device = device given
            let! level = determinism given.Determinism
            let! store = StoreChoice.look (Locations.store given.Store declared.Folder)

            return
                { RunOptions.inFolders store.Root (Locations.data given.Data declared.Folder) with
                    Script = Some declared.Script
                    Environment = { KeyEnvironment.forDevice device with Determinism = level }
                    Force = Set.ofList given.Force
                    Jobs = given.Jobs |> Option.defaultWith (fun () -> if device = "cpu" then Environment.ProcessorCount else 1)
                    VerifyContent = given.VerifyContent }
        }
