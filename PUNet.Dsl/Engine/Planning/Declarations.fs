namespace PUNet.Dsl.Engine

open System.IO
open FsToolkit.ErrorHandling
open PUNet.Dsl

/// What a script declares, free of faults.
type Declarations =
    {
        /// Absolute path of the script.
        Script: string
        Experiments: Experiment list
        /// Parts that wait for values of stages.
        Waiting: WaitingPart list
        /// Stages whose values parts wait for or have got.
        AwaitedStages: StageNode list
        /// Sentences for the person who runs the script.
        Remarks: string list
        /// Arguments that the script takes.
        Arguments: ScriptArgument list
        /// The stages of all experiments, and those that parts wait for.
        Graph: Graph
    }

    /// The folder of the script.
    member declared.Folder =
        match Path.GetDirectoryName declared.Script with
        | null -> "."
        | folder -> folder

module Declarations =
    let private atStart script what given remedy = Problem.at { File = script; Line = 1; Column = 1 } what "" given remedy

    /// Arguments that were given and that the script did not ask for.
    let private unknownArguments script given (asked: ScriptArgument list) =
        let known = asked |> List.map _.Name

        given
        |> List.map fst
        |> List.filter (fun name -> not (List.contains name known))
        |> List.map (fun name -> atStart script $"the script takes no argument {name}" "" (NearestName.remedy name known))

    let private faults script (experiments: Experiment list) (parts: WaitingPart list) =
        [ if experiments.IsEmpty && parts.IsEmpty then
              atStart script "the script declares no experiment" "" "end it with experiment \"name\" { … }"
          yield! ExperimentChecks.problemsOfAll experiments
          yield! ExperimentChecks.problemsOfParts parts ]

    /// The stages of all that is declared, unless there are faults.
    let private checkedFor (faults: Problem seq) (declared: Declarations) =
        match Problem.inOrder faults with
        | [] ->
            let outputs = List.collect (fun (experiment: Experiment) -> experiment.Outputs) declared.Experiments
            let awaited = declared.AwaitedStages @ (declared.Waiting |> List.collect _.Awaited |> List.map _.Stage)
            Ok { declared with AwaitedStages = awaited; Graph = Graph.ofOutputs (awaited @ outputs) }
        | problems -> Error problems

    /// What a script declared when it was evaluated with these arguments, or all its faults at once; `asked`: the arguments that it asked for.
    let make script (given: (string * string) list) (collected: Declared.Collected) asked : Result<Declarations, Problem list> =
        { Script = script
          Experiments = collected.Experiments
          Waiting = collected.Parts
          AwaitedStages = []
          Remarks = collected.Remarks
          Arguments = asked
          Graph = { Nodes = [] } }
        |> checkedFor (unknownArguments script given asked @ faults script collected.Experiments collected.Parts)

    /// Goes on with the parts whose figures are all known: they declare what follows. None where no part is ready. `guard` does work of the
    /// script's own; what that raises is a fault.
    let goOn guard (figure: Awaited -> float option) (declared: Declarations) : Result<Declarations option, Problem list> =
        let isKnown part = part.Awaited |> List.forall (figure >> Option.isSome)

        match List.partition isKnown declared.Waiting with
        | [], _ -> Ok None
        | ready, waiting ->
            let value awaited = figure awaited |> Option.defaultValue nan
            let mutable evaluated: Result<unit, Problem list> = Ok()

            let collected =
                Declared.collect (fun () -> evaluated <- guard (fun () -> ready |> List.iter (fun part -> part.Continue value)))

            let experiments, parts = declared.Experiments @ collected.Experiments, waiting @ collected.Parts

            result {
                do! evaluated

                let! further =
                    { declared with
                        Experiments = experiments
                        Waiting = parts
                        Remarks = declared.Remarks @ collected.Remarks }
                    |> checkedFor (faults declared.Script experiments parts)

                return Some further
            }
