module PUNet.Cli.Program

open System
open System.IO
open FsToolkit.ErrorHandling
open PUNet.Cli.CommandLine
open PUNet.Cli.Commands
open PUNet.Cli.Rendering
open PUNet.Cli.Scripts
open PUNet.Core.Common
open PUNet.Core.Common.Native
open PUNet.Dsl
open PUNet.Dsl.Engine

/// Takes the libtorch that the command line names before anything of the command is done.
let private overLibtorch (given: Given) = given.Options.TryGetResult CommandOption.Libtorch |> Option.iter NativeTorch.Use

let private run (words: string list) =
    result {
        let! command = ScriptCommand.read Commands.run true 0 words
        let given = command.Given

        if given.Contains CommandOption.Plan_Only then
            return! PlanCommand.run command.Declared command.Options command.Json false
        else
            let runner = Stages.runner command.Options.Environment.Device (ScriptCommand.sharing command.Options)
            do! StoreChoice.ready command.Options.StoreFolder (given.Contains CommandOption.Share_With_Group)
            let again = Help.typed (Commands.run.Name :: words)
            return! RunCommand.run command.Declared command.Options runner command.Json (given.Contains CommandOption.Debug) again
    }

let private plan words =
    result {
        let! command = ScriptCommand.read Commands.plan true 0 words
        return! PlanCommand.run command.Declared command.Options command.Json (command.Given.Contains CommandOption.Exit_Code)
    }

let private explain words =
    result {
        let! command = ScriptCommand.read Commands.explain true 1 words
        return! ExplainCommand.run command.Declared command.Options command.Words.Head command.Json
    }

let private report words =
    result {
        let! command = ScriptCommand.read Commands.report false 0 words
        return! ReportCommand.run command.Declared command.Options (command.Given.TryGetResult CommandOption.Output)
    }

let private graph words =
    result {
        let! given = CommandLine.read Commands.graph words
        let! script, values = ScriptWords.read Commands.graph given.Words
        let! declared = Declarations.read script values
        let render = if given.Options.Contains CommandOption.Dot then GraphRendering.dot else GraphRendering.mermaid
        Console.Out.WriteLine((render declared.Graph).TrimEnd())
        return ExitCode.Done
    }

let private info words =
    result {
        let! given = CommandLine.read Commands.info words
        overLibtorch given
        return InfoCommand.run (given.Options.Contains CommandOption.Torch)
    }

let private inStore command (work: Store -> string list -> Result<int, Fault>) words =
    result {
        let! given = CommandLine.read command words
        let! store = StoreChoice.named (given.Options.TryGetResult CommandOption.Store)
        return! work store given.Words
    }

let private show store ids =
    match ids with
    | [ id ] -> StoreCommands.showOne store id
    | _ -> Error(Usage "show takes the id of one result; `punet runs` lists all")

let private diff store ids =
    match ids with
    | [ left; right ] -> DiffCommand.run store left right
    | _ -> Error(Usage "diff takes the ids of two results; `punet runs` lists all")

let private pin store ids =
    match ids with
    | id :: reason -> StoreCommands.pin store id (String.Join(' ', reason))
    | [] -> Error(Usage "pin takes the id of a result, and a reason if you like; `punet runs` lists all")

let private unpin store ids =
    match ids with
    | [ id ] -> StoreCommands.unpin store id
    | _ -> Error(Usage "unpin takes the id of one result; `punet runs` marks pinned ones")

let private forget store words =
    match words with
    | [ script ] -> StoreCommands.forget store script
    | _ -> Error(Usage "forget takes one script, or the id that `punet gc` tells")

let private gc words =
    result {
        let! given = CommandLine.read Commands.gc words
        let! store = StoreChoice.named (given.Options.TryGetResult CommandOption.Store)
        return! GcCommand.run store given.Options
    }

let private data words = CommandLine.read Commands.data words |> Result.bind DataCommand.run

/// A command that works on files of models.
let private ofModels command (work: Given -> Result<int, Fault>) words =
    CommandLine.read command words |> Result.tee overLibtorch |> Result.bind work

/// Each command with what it does with the words behind its name.
let private commands: (Command * (string list -> Result<int, Fault>)) list =
    [ Commands.run, run
      Commands.plan, plan
      Commands.explain, explain
      Commands.graph, graph
      Commands.data, data
      Commands.report, report
      Commands.runs, inStore Commands.runs (fun store _ -> Ok(StoreCommands.runs store))
      Commands.show, inStore Commands.show show
      Commands.predict, ofModels Commands.predict PredictCommand.run
      Commands.add, ofModels Commands.add AddCommand.run
      Commands.evaluate, (CommandLine.read Commands.evaluate >> Result.bind EvaluateCommand.run)
      Commands.parameters, ofModels Commands.parameters ParamsCommand.run
      Commands.import, ofModels Commands.import CheckpointCommands.import
      Commands.export, ofModels Commands.export CheckpointCommands.export
      Commands.diff, inStore Commands.diff diff
      Commands.gc, gc
      Commands.pin, inStore Commands.pin pin
      Commands.unpin, inStore Commands.unpin unpin
      Commands.forget, inStore Commands.forget forget
      Commands.verify, inStore Commands.verify VerifyCommand.run
      Commands.info, info ]

let private usage () =
    let lines = [ for command, _ in commands -> $"  punet {command.Name.PadRight 7}  {command.Purpose}" ]

    String.Join("\n", [ "punet COMMAND …; `punet COMMAND --help` tells its options"; "" ] @ lines)

let private isHelp word = List.contains word [ "--help"; "-h"; "help" ]

/// The help of a command, and the arguments of each script behind it.
let private help command (words: string list) =
    Console.Out.WriteLine(Help.text command)

    for script in words |> List.filter _.EndsWith(".fsx", StringComparison.Ordinal) do
        ScriptCommand.argumentsOf script |> List.iter Console.Out.WriteLine

    ExitCode.Done

let private dispatch (words: string list) : Result<int, Fault> =
    match words with
    | [] -> Error(Usage("a command is needed\n" + usage ()))
    | [ word ] when isHelp word ->
        Console.Out.WriteLine(usage ())
        Ok ExitCode.Done
    | [ "--version" ] ->
        Console.Out.WriteLine(typeof<Fault>.Assembly.GetName().Version)
        Ok ExitCode.Done
    | name :: rest ->
        match commands |> List.tryFind (fun (command, _) -> command.Name = name) with
        | Some(command, _) when rest |> List.exists isHelp -> Ok(help command rest)
        | Some(_, execute) -> execute rest
        | None ->
            let remedy = NearestName.remedy name [ for command, _ in commands -> command.Name ]
            Error(Usage $"there is no command {name}; {remedy}")

let private tell (output: TextWriter) (words: string list) (fault: Fault) =
    match fault with
    | InScript problems when List.contains "--json" words -> problems |> List.iter (JsonLine.ofProblem >> output.WriteLine)
    | fault when List.contains "--debug" words -> fault.AllLines |> List.iter Console.Error.WriteLine
    | fault -> fault.Lines |> List.iter Console.Error.WriteLine

[<EntryPoint>]
let main arguments =
    let words = List.ofArray arguments
    let output = Console.Out
    ExitGuard.install (fun problem -> tell output words (InScript [ problem ]))

    try
        match dispatch words with
        | Ok code -> code
        | Error fault ->
            tell output words fault
            ExitCode.Invalid
    with error ->
        // What nobody foresaw is a failure too; its stack trace is for those who ask.
        let debug = List.contains "--debug" words
        let isLibtorch = FailureText.Cause error :? LibtorchException
        let text = FailureText.Of error
        let hint = if debug || isLibtorch || text.Contains "--debug" then "" else " (--debug shows where)"
        Console.Error.WriteLine $"punet: {text}{hint}"

        if debug then
            Console.Error.WriteLine error

        if isLibtorch then ExitCode.Invalid else ExitCode.Failed
