namespace PUNet.Cli.Commands

open System
open PUNet.Cli
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

    /// Nothing but where results and data lie, and how they were computed.
    let ofPlaces store data device determinism =
        { Store = store
          Data = data
          Device = device
          Computes = false
          Determinism = determinism
          Force = []
          Jobs = None
          VerifyContent = false }

    let private determinism given =
        match Option.defaultValue "seeded" given with
        | level when List.contains level levels -> Ok level
        | other -> Error(Usage $"--determinism is strict, seeded or fast; {NearestName.remedy other levels}")

    let private device (given: ScriptOptions) = if given.Computes then Device.choose given.Device else Device.named given.Device

    let private unknownStage (graph: Graph) label =
        let remedy = NearestName.remedy label (graph.Nodes |> List.map _.Label)
        Usage $"the script has no stage {label}; {remedy}"

    /// How what a script declares is planned and run.
    let resolve (declared: Declarations) (given: ScriptOptions) : Result<RunOptions, Fault> =
        match given.Force |> List.tryFind (declared.Graph.TryLabel >> Option.isNone), device given, determinism given.Determinism with
        | Some label, _, _ when declared.Waiting.IsEmpty -> Error(unknownStage declared.Graph label)
        | _ when given.Jobs |> Option.exists (fun jobs -> jobs < 1) -> Error(Usage "--jobs takes a number from 1")
        | _, Error fault, _
        | _, _, Error fault -> Error fault
        | _, Ok device, Ok level ->
            StoreChoice.look (Locations.store given.Store declared.Folder)
            |> Result.map (fun store ->
                { RunOptions.inFolders store.Root (Locations.data given.Data declared.Folder) with
                    Script = Some declared.Script
                    Environment = { KeyEnvironment.forDevice device with Determinism = level }
                    Force = Set.ofList given.Force
                    Jobs = given.Jobs |> Option.defaultWith (fun () -> if device = "cpu" then Environment.ProcessorCount else 1)
                    VerifyContent = given.VerifyContent })
