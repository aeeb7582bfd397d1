namespace PUNet.Cli.Commands

open System
open Argu
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Core.Common
open PUNet.Core.Common.Native
open PUNet.Dsl
open PUNet.Dsl.Engine

/// What the command line says of a script, read in one place for every command that takes one.
type ScriptCommand =
    {
        Arguments: ParseResults<RunArguments>
        /// Words between the script and its NAME=VALUE pairs.
        Words: string list
        Declared: Declarations
        Options: RunOptions
    }

    member command.Json = command.Arguments.Contains RunArguments.Json

module ScriptCommand =
    let private (>>=) result next = Result.bind next result

    let private onlyOf command (allowed: string) (given: bool) word =
        if given && command <> allowed then
            Error(Usage $"{command} takes no {word}; `punet {allowed}` does")
        else
            Ok()

    /// A report only reads: what steers a run or its messages has no meaning there.
    let private readsOnly command (arguments: ParseResults<RunArguments>) =
        let given =
            [ "--force", arguments.Contains Force
              "--jobs", arguments.Contains Jobs
              "--json", arguments.Contains RunArguments.Json ]

        match given |> List.tryFind snd with
        | Some(word, _) when command = "report" -> Error(Usage $"report takes no {word}: it writes what is in the store")
        | _ -> Ok()

    let private scriptOptions command (arguments: ParseResults<RunArguments>) : ScriptOptions =
        { Store = arguments.TryGetResult RunArguments.Store
          Data = arguments.TryGetResult RunArguments.Data
          Device = arguments.TryGetResult RunArguments.Device
          Computes = command <> "report"
          Determinism = arguments.TryGetResult RunArguments.Determinism
          Force = arguments.GetResults Force
          Jobs = arguments.TryGetResult Jobs
          VerifyContent = arguments.Contains Verify_Content }

    /// Reads the words behind a command that takes a script, then `count` words, then the script's arguments.
    let read command count (words: string list) : Result<ScriptCommand, Fault> =
        CommandLine.read<RunArguments> command words
        >>= fun arguments ->
            onlyOf command "run" (arguments.Contains Plan_Only) "--plan-only"
            >>= fun () -> onlyOf command "run" (arguments.Contains Share_With_Group) "--share-with-group"
            >>= fun () -> onlyOf command "plan" (arguments.Contains Exit_Code) "--exit-code"
            >>= fun () -> onlyOf command "report" (arguments.Contains Output) "--output"
            >>= fun () -> readsOnly command arguments
            >>= fun () ->
                let given = arguments.GetResult(RunArguments.Script, [])

                let script, rest =
                    match given with
                    | script :: rest when rest.Length >= count -> [ script ], rest
                    | given -> given, []

                let own, values = List.splitAt (min count rest.Length) rest

                if own.Length < count && not script.IsEmpty then
                    Error(Usage $"{command} needs the name of a stage behind the script")
                else
                    arguments.TryGetResult RunArguments.Libtorch |> Option.iter NativeTorch.Use

                    ScriptWords.read command (script @ values)
                    >>= fun (script, given) -> Declarations.read script given
                    >>= fun declared ->
                        ScriptOptions.resolve declared (scriptOptions command arguments)
                        |> Result.map (fun options -> { Arguments = arguments; Words = own; Declared = declared; Options = options })

    /// How many stages share the processors' threads, which decides how many each of them has.
    let sharing (options: RunOptions) =
        match options.Environment.Determinism with
        | "strict" -> Environment.ProcessorCount
        | "fast" -> 1
        | _ -> options.Jobs

    /// The arguments that a script takes, for its help.
    let argumentsOf (script: string) : string list =
        match Declarations.read script [] with
        | Error fault -> fault.Lines
        | Ok { Arguments = [] } -> [ $"{script} takes no arguments" ]
        | Ok declared ->
            let width = declared.Arguments |> List.map _.Name.Length |> List.max

            $"arguments of {script}:"
            :: [ for argument in declared.Arguments ->
                     $"    {argument.Name.PadRight width}  {argument.Kind}, {argument.Default} where not given" ]
