namespace PUNet.Cli.Commands

open System
open Argu
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Core.Common.Native
open PUNet.Dsl
open PUNet.Dsl.Engine

/// What the command line says of a script, read in one place for every command that takes one.
type ScriptCommand =
    {
        Given: ParseResults<CommandOption>
        /// Words between the script and its NAME=VALUE pairs.
        Words: string list
        Declared: Declarations
        Options: RunOptions
    }

    member command.Json = command.Given.Contains CommandOption.Json

module ScriptCommand =
    /// The script with its NAME=VALUE pairs, and the `count` words between them.
    let private split (command: Command) count (words: string list) =
        match words with
        | script :: rest when rest.Length >= count ->
            let own, values = List.splitAt count rest
            Ok(own, script :: values)
        | [] -> Ok([], [])
        | _ -> Error(Usage $"{command.Name} needs the name of a stage behind the script")

    /// Reads the words behind a command that takes a script, then `count` words, then the script's arguments. `computes`: whether this
    /// machine computes or only reads what another may have computed.
    let read (command: Command) computes count (words: string list) : Result<ScriptCommand, Fault> =
        result {
            let! given = CommandLine.read command words
            let! own, words = split command count given.Words
            given.Options.TryGetResult CommandOption.Libtorch |> Option.iter NativeTorch.Use
            let! script, values = ScriptWords.read command words
            let! declared = Declarations.read script values
            let! options = ScriptOptions.resolve declared { ScriptOptions.ofGiven given.Options with Computes = computes }
            return { Given = given.Options; Words = own; Declared = declared; Options = options }
        }

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
