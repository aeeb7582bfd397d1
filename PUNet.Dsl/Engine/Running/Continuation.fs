/// Plans or runs what is declared, takes the values that are known, and goes on with what follows from them, until nothing does.
module PUNet.Dsl.Engine.Continuation

open System.Threading
open FsToolkit.ErrorHandling
open PUNet.Dsl

/// What going on needs of the script's host.
type Host =
    {
        /// Does work of the script's own; what that raises is a fault of the script.
        Guard: (unit -> unit) -> Result<unit, Problem list>
        /// The figure of this name in a result's folder.
        Figure: string -> string -> float
    }

/// What running needs.
type Running =
    {
        Runner: StageRunner
        /// Done before anything begins where a stage will compute on the device: a fault of that is told at once.
        BeforeComputing: unit -> unit
        Emit: EngineEvent -> unit
        /// Takes the sentences that later parts have for the person who runs the script.
        Tell: string -> unit
        Cancellation: CancellationToken
    }

/// A pass over what is declared so far: its outcome, the results that are there, and whether it ends here whatever follows.
type private Pass<'Outcome> = { Outcome: 'Outcome; Known: (GraphNode * Provenance) list; IsLast: bool }

/// The folder of the result of a stage's identity.
let private folders (options: RunOptions) (known: (GraphNode * Provenance) list) =
    let store = Store.at options.StoreFolder
    let found = Map.ofList [ for node, artifact in known -> node.Id, store.Artifact artifact.Key ]
    fun id -> Map.tryFind id found

/// Faults that show once datasets are prepared: no training and no choice can be made of a class that no subject has.
let private presentClasses (options: RunOptions) (declared: Declarations) known =
    let compared = declared.AwaitedStages |> List.map Graph.identity |> Set.ofList

    match AbsentClasses.problems (folders options known) compared declared.Graph with
    | [] -> Ok()
    | problems -> Error problems

/// Passes over what is declared, then over what follows from the values that are known thereby, and so on.
let rec private follow host (options: RunOptions) tell pass former (declared: Declarations) =
    result {
        let! found = pass former declared
        let folderOf = folders options found.Known

        let figure (awaited: Awaited) =
            folderOf (Graph.identity awaited.Stage) |> Option.map (fun folder -> host.Figure folder awaited.Figure)

        match! Declarations.goOn host.Guard figure declared with
        | None -> return declared, found.Outcome
        | Some further ->
            further.Remarks |> List.skip declared.Remarks.Length |> List.iter tell

            if found.IsLast then
                return declared, found.Outcome
            else
                return! follow host options tell pass (Some found.Outcome) further
    }

let private planned (options: RunOptions) _ (declared: Declarations) =
    let store = Store.at options.StoreFolder
    let plan = Plan.make options declared.Graph

    let known =
        [ for entry in plan do
              match entry.Status with
              | PlanStatus.Cached key ->
                  match Store.find store key with
                  | Stored.Present artifact -> entry.Node, artifact
                  | Stored.Absent
                  | Stored.Damaged _ -> ()
              | PlanStatus.Run _
              | PlanStatus.Resume _
              | PlanStatus.Waiting _
              | PlanStatus.MissingInput _ -> () ]

    presentClasses options declared known |> Result.map (fun () -> { Outcome = plan; Known = known; IsLast = false })

/// The plan of what is declared and of what follows from values that the store already knows, with these declarations. Writes nothing.
let plan (host: Host) (options: RunOptions) (declared: Declarations) : Result<Declarations * PlanEntry list, Problem list> =
    follow host options ignore (planned options) None declared

let private artifacts (run: RunResult) =
    [ for node, outcome in run.Outcomes do
          match outcome.Artifact with
          | Some artifact -> node, artifact
          | None -> () ]

let private computes (options: RunOptions) (graph: Graph) =
    Plan.make { options with VerifyContent = false } graph
    |> List.exists (fun entry -> StageSpec.computesOnDevice entry.Node.Spec && not entry.Status.IsCached)

/// Datasets are prepared first: whether subjects have the classes that are wanted of them is known before anything is trained.
let private ran (options: RunOptions) (running: Running) former (declared: Declarations) =
    let earlier: RunResult = former |> Option.defaultValue { Outcomes = [] }
    let run earlier graph = Executor.goOn earlier options running.Runner running.Emit running.Cancellation graph

    if computes options declared.Graph then
        running.BeforeComputing()

    let prepared = run earlier (Graph.preparations declared.Graph)

    presentClasses options declared (artifacts prepared)
    |> Result.map (fun () ->
        let all = run (RunResult.join earlier prepared) declared.Graph
        { Outcome = all; Known = artifacts all; IsLast = all.WasInterrupted })

/// Runs what is declared and not in the store, then what follows from the values that are known thereby, and so on. The outcome of all, with
/// the declarations that it belongs to. Raises what `Executor.goOn` does.
let run (host: Host) (options: RunOptions) (running: Running) (declared: Declarations) : Result<Declarations * RunResult, Problem list> =
    follow host options running.Tell (ran options running) None declared
