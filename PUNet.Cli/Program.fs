module PUNet.Cli.Program

open System
open System.IO
open Argu
open PUNet.Cli.CommandLine
open PUNet.Cli.Commands
open PUNet.Cli.Rendering
open PUNet.Cli.Scripts
open PUNet.Core.Common
open PUNet.Core.Common.Native
open PUNet.Dsl
open PUNet.Dsl.Engine

let private (>>=) result next = Result.bind next result

/// Takes the libtorch that the command line names before anything of the command is done.
let private over (libtorch: ParseResults<'Arguments> -> string option) work (arguments: ParseResults<'Arguments>) =
    libtorch arguments |> Option.iter NativeTorch.Use
    work arguments

/// The command that was typed, so that it can be typed again.
let private again (words: string list) =
    let quote (word: string) = if word.Contains ' ' then $"'{word}'" else word

    "punet run " + String.Join(' ', List.map quote words)

let private run (words: string list) =
    ScriptCommand.read "run" 0 words
    >>= fun command ->
        if command.Arguments.Contains Plan_Only then
            PlanCommand.run command.Declared command.Options command.Json false
        else
            let runner = Stages.runner command.Options.Environment.Device (ScriptCommand.sharing command.Options)

            StoreChoice.ready command.Options.StoreFolder (command.Arguments.Contains Share_With_Group)
            >>= fun () ->
                RunCommand.run
                    command.Declared
                    command.Options
                    runner
                    command.Json
                    (command.Arguments.Contains RunArguments.Debug)
                    (again words)

let private plan words =
    ScriptCommand.read "plan" 0 words
    >>= fun command -> PlanCommand.run command.Declared command.Options command.Json (command.Arguments.Contains Exit_Code)

let private explain words =
    ScriptCommand.read "explain" 1 words
    >>= fun command -> ExplainCommand.run command.Declared command.Options command.Words.Head command.Json

let private report words =
    ScriptCommand.read "report" 0 words
    >>= fun command -> ReportCommand.run command.Declared command.Options (command.Arguments.TryGetResult RunArguments.Output)

let private graph words =
    CommandLine.read<GraphArguments> "graph" words
    >>= fun arguments ->
        ScriptWords.read "graph" (arguments.GetResult(GraphArguments.Script, []))
        >>= fun (script, given) -> Declarations.read script given
        |> Result.map (fun declared ->
            let render = if arguments.Contains Dot then GraphRendering.dot else GraphRendering.mermaid

            Console.Out.WriteLine((render declared.Graph).TrimEnd())
            ExitCode.Done)

let private info words =
    CommandLine.read<InfoArguments> "info" words
    |> Result.map (over _.TryGetResult(InfoArguments.Libtorch) (fun arguments -> InfoCommand.run (arguments.Contains Torch)))

let private inStore command words (work: Store -> string list -> Result<int, Fault>) =
    CommandLine.read<StoreArguments> command words
    >>= fun arguments ->
        StoreChoice.named (arguments.TryGetResult StoreArguments.Store)
        >>= fun store -> work store (arguments.GetResult(Id, []))

let private runs words = inStore "runs" words (fun store _ -> Ok(StoreCommands.runs store))

let private show words =
    inStore "show" words (fun store ids ->
        match ids with
        | [ id ] -> StoreCommands.showOne store id
        | _ -> Error(Usage "show takes the id of one result; `punet runs` lists all"))

let private diff words =
    inStore "diff" words (fun store ids ->
        match ids with
        | [ left; right ] -> DiffCommand.run store left right
        | _ -> Error(Usage "diff takes the ids of two results; `punet runs` lists all"))

let private pin words =
    inStore "pin" words (fun store ids ->
        match ids with
        | id :: reason -> StoreCommands.pin store id (String.Join(' ', reason))
        | [] -> Error(Usage "pin takes the id of a result, and a reason if you like; `punet runs` lists all"))

let private unpin words =
    inStore "unpin" words (fun store ids ->
        match ids with
        | [ id ] -> StoreCommands.unpin store id
        | _ -> Error(Usage "unpin takes the id of one result; `punet runs` marks pinned ones"))

let private forget words =
    inStore "forget" words (fun store words ->
        match words with
        | [ script ] -> StoreCommands.forget store script
        | _ -> Error(Usage "forget takes one script, or the id that `punet gc` tells"))

let private verify words = inStore "verify" words VerifyCommand.run

let private gc words =
    CommandLine.read<GcArguments> "gc" words
    >>= fun arguments -> StoreChoice.named (arguments.TryGetResult GcArguments.Store) >>= fun store -> GcCommand.run store arguments

let private data words = CommandLine.read<DataArguments> "data" words >>= DataCommand.run

let private import words =
    CommandLine.read<ImportArguments> "import" words
    >>= over _.TryGetResult(ImportArguments.Libtorch) CheckpointCommands.import

let private export words =
    CommandLine.read<ExportArguments> "export" words
    >>= over _.TryGetResult(ExportArguments.Libtorch) CheckpointCommands.export

let private parameters words =
    CommandLine.read<ParamsArguments> "params" words >>= over _.TryGetResult(ParamsArguments.Libtorch) ParamsCommand.run

/// A command: its name, what it is for, what it does with the words behind it, its help.
type private Command = { Name: string; Purpose: string; Execute: string list -> Result<int, Fault>; Help: unit -> string }

let private commands =
    let command name purpose execute help = { Name = name; Purpose = purpose; Execute = execute; Help = help }

    [ command "run" "run what is not in the store yet" run (fun () -> CommandLine.help<RunArguments> "run")
      command "plan" "tell what would run, and why" plan (fun () -> CommandLine.help<RunArguments> "plan")
      command "explain" "the fields of a stage's key, against the nearest result" explain (fun () ->
          CommandLine.help<RunArguments> "explain")
      command "graph" "the script's stages as a drawing" graph (fun () -> CommandLine.help<GraphArguments> "graph")
      command "data" "data check DIR: integrity of a dataset" data (fun () -> CommandLine.help<DataArguments> "data")
      command "report" "the results of a script on one offline page" report (fun () -> CommandLine.help<RunArguments> "report")
      command "runs" "the results in the store" runs (fun () -> CommandLine.help<StoreArguments> "runs")
      command "show" "one result of the store" show (fun () -> CommandLine.help<StoreArguments> "show")
      command "params" "frozen and trained parameters of a model" parameters (fun () -> CommandLine.help<ParamsArguments> "params")
      command "import" "a published checkpoint as a backbone" import (fun () -> CommandLine.help<ImportArguments> "import")
      command "export" "a backbone as safetensors under the published names" export (fun () -> CommandLine.help<ExportArguments> "export")
      command "diff" "what two results differ in" diff (fun () -> CommandLine.help<StoreArguments> "diff")
      command "gc" "what of the store can go; --delete lets it go" gc (fun () -> CommandLine.help<GcArguments> "gc")
      command "pin" "keep a result from gc" pin (fun () -> CommandLine.help<StoreArguments> "pin")
      command "unpin" "no longer keep it" unpin (fun () -> CommandLine.help<StoreArguments> "unpin")
      command "forget" "let go what a script last ran" forget (fun () -> CommandLine.help<StoreArguments> "forget")
      command "verify" "read the results and compare them with their hashes" verify (fun () -> CommandLine.help<StoreArguments> "verify")
      command "info" "versions, processors, devices" info (fun () -> CommandLine.help<InfoArguments> "info") ]

let private usage () =
    let lines = [ for command in commands -> $"  punet {command.Name.PadRight 7}  {command.Purpose}" ]

    String.Join("\n", [ "punet COMMAND …; `punet COMMAND --help` tells its options"; "" ] @ lines)

let private isHelp word = List.contains word [ "--help"; "-h"; "help" ]

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
        match commands |> List.tryFind (fun command -> command.Name = name) with
        | Some command when rest |> List.exists isHelp ->
            Console.Out.WriteLine(command.Help())

            for script in rest |> List.filter (fun word -> word.EndsWith(".fsx", StringComparison.Ordinal)) do
                ScriptCommand.argumentsOf script |> List.iter Console.Out.WriteLine

            Ok ExitCode.Done
        | Some command -> command.Execute rest
        | None ->
            let remedy = NearestName.remedy name (commands |> List.map _.Name)
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
