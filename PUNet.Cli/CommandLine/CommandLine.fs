/// Reads the words behind a command's name. Argu holds the options and writes the help; what it says of a mistyped word
/// is put in one line with the nearest known name, and options may stand before and behind the script.
module PUNet.Cli.CommandLine.CommandLine

open System
open Argu
open PUNet.Cli
open PUNet.Dsl

/// Checking the declarations of the arguments costs more than reading them; a test does it instead.
let private parser<'Arguments when 'Arguments :> IArgParserTemplate> command =
    ArgumentParser.Create<'Arguments>(programName = $"punet {command}", checkStructure = false)

/// The options with as many words as each takes.
let private options (parser: ArgumentParser<'Arguments>) =
    [ for case in parser.GetArgumentCases() do
          for name in case.CommandLineNames.Value -> name, case.UnionCaseInfo.GetFields().Length ]
    |> Map.ofList

/// An empty word as people see it.
let private shown word = if String.IsNullOrWhiteSpace word then $"\"{word}\"" else word

/// Options with their words, and the words that stand alone; or what is wrong with an option.
let rec private separate (known: Map<string, int>) words =
    match words with
    | [] -> Ok([], [])
    | "--" :: rest -> Ok([], rest)
    | (word: string) :: rest when word.StartsWith '-' && word.Length > 1 ->
        match known.TryFind word with
        | None -> Error $"no option {word}; {NearestName.remedy word known.Keys}"
        | Some arity when arity > rest.Length -> Error $"an option {word}, which needs a value"
        | Some arity ->
            let own, rest = List.splitAt arity rest

            match own |> List.tryFind (fun value -> String.IsNullOrWhiteSpace value || known.ContainsKey value) with
            | Some value -> Error $"an option {word}, which needs a value; given: {shown value}"
            | None -> separate known rest |> Result.map (fun (options, alone) -> (word :: own) @ options, alone)
    | word :: rest -> separate known rest |> Result.map (fun (options, alone) -> options, word :: alone)

/// What Argu says of a wrong word, without the usage that follows.
let private firstLine (message: string) =
    let line = message.Split('\n')[0]
    let text = if line.StartsWith "ERROR: " then line.Substring 7 else line
    text.Trim().TrimEnd '.'

/// The help of a command.
let help<'Arguments when 'Arguments :> IArgParserTemplate> command = (parser<'Arguments> command).PrintUsage()

/// The command's arguments, or what is wrong with them.
let read<'Arguments when 'Arguments :> IArgParserTemplate> command (words: string list) =
    let parser = parser<'Arguments> command
    let known = options parser

    match separate known words with
    | Error what -> Error(Usage $"{command} has {what}; `punet {command} --help` tells all")
    | Ok(_, alone) when List.exists String.IsNullOrWhiteSpace alone ->
        Error(Usage $"{command} has an empty word among what it works on; `punet {command} --help` tells all")
    | Ok(options, alone) ->
        try
            Ok(parser.ParseCommandLine(Array.ofList (options @ alone), raiseOnUsage = false))
        with :? ArguParseException as error ->
            Error(Usage $"{command}: {firstLine error.Message}; `punet {command} --help` tells all")
