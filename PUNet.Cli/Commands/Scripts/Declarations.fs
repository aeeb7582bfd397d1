namespace PUNet.Cli.Commands

open System.IO
open PUNet.Cli
open PUNet.Cli.Scripts
open PUNet.Dsl
open PUNet.Dsl.Engine

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

    let private make script experiments (parts: WaitingPart list) formerly remarks arguments =
        let outputs = List.collect (fun (experiment: Experiment) -> experiment.Outputs) experiments
        let awaited = formerly @ (parts |> List.collect _.Awaited |> List.map _.Stage)

        { Script = script
          Experiments = experiments
          Waiting = parts
          AwaitedStages = awaited
          Remarks = remarks
          Arguments = arguments
          Graph = Graph.ofOutputs (awaited @ outputs) }

    /// Evaluates the script with these arguments and checks everything it declares: all faults at once.
    let read (script: string) (given: (string * string) list) : Result<Declarations, Fault> =
        let script = Path.GetFullPath script
        let mutable evaluated = Ok()

        let collected, asked =
            ScriptArguments.during given (fun () -> Declared.collect (fun () -> evaluated <- ScriptHost.evaluate script))

        let problems =
            match evaluated with
            | Error problems -> problems
            | Ok() -> Problem.inOrder (unknownArguments script given asked @ faults script collected.Experiments collected.Parts)

        if problems.IsEmpty then
            Ok(make script collected.Experiments collected.Parts [] collected.Remarks asked)
        else
            Error(InScript problems)

    /// Goes on with the parts whose values are all known: they declare what follows. The same declarations where none is.
    let goOn (declared: Declarations) (figure: Awaited -> float option) : Result<Declarations * bool, Fault> =
        let isKnown part = part.Awaited |> List.forall (figure >> Option.isSome)

        match List.partition isKnown declared.Waiting with
        | [], _ -> Ok(declared, false)
        | ready, waiting ->
            let value awaited = figure awaited |> Option.defaultValue nan
            let mutable evaluated = Ok()

            let collected =
                Declared.collect (fun () ->
                    evaluated <- ScriptHost.guard declared.Script (fun () -> ready |> List.iter (fun part -> part.Continue value)))

            let experiments, parts = declared.Experiments @ collected.Experiments, waiting @ collected.Parts
            let remarks = declared.Remarks @ collected.Remarks

            let problems =
                match evaluated with
                | Error problems -> problems
                | Ok() -> Problem.inOrder (faults declared.Script experiments parts)

            if problems.IsEmpty then
                Ok(make declared.Script experiments parts declared.AwaitedStages remarks declared.Arguments, true)
            else
                Error(InScript problems)
