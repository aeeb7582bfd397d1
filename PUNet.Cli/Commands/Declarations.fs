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
        /// The stages of all experiments.
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

    let private faults script given asked (experiments: Experiment list) =
        [ if experiments.IsEmpty then
              atStart script "the script declares no experiment" "" "end it with experiment \"name\" { … }"
          yield! unknownArguments script given asked
          yield! ExperimentChecks.problemsOfAll experiments ]

    /// Evaluates the script with these arguments and checks everything it declares: all faults at once.
    let read (script: string) (given: (string * string) list) : Result<Declarations, Fault> =
        let script = Path.GetFullPath script
        let mutable evaluated = Ok()

        let experiments, asked =
            ScriptArguments.during given (fun () -> Declared.during (fun () -> evaluated <- ScriptHost.evaluate script))

        let problems =
            match evaluated with
            | Error problems -> problems
            | Ok() -> Problem.inOrder (faults script given asked experiments)

        if problems.IsEmpty then
            Ok
                { Script = script
                  Experiments = experiments
                  Graph = experiments |> List.collect _.Outputs |> Graph.ofOutputs }
        else
            Error(InScript problems)
