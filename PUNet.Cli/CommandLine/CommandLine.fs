/// Reads the words behind a command's name. Argu holds the options; what it says of a mistyped word is put in one line with the nearest
/// known name, and options may stand before and behind the words that a command works on.
module PUNet.Cli.CommandLine.CommandLine

open System
open Argu
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Dsl

/// The options of the cases, by each of their names.
let private byName (cases: string list) =
    Map.ofList
        [ for case in cases do
              let found = OptionCases.named case

              for name in OptionCases.names found do
                  name, found ]

/// An empty word as people see it.
let private shown word = if String.IsNullOrWhiteSpace word then $"\"{word}\"" else word

/// Options with their words, and the words that stand alone; or what is wrong with an option.
let rec private separate (known: Map<string, ArgumentCaseInfo>) words =
    match words with
    | [] -> Ok([], [])
    | "--" :: rest -> Ok([], rest)
    | (word: string) :: rest when word.StartsWith '-' && word.Length > 1 ->
        match known.TryFind word |> Option.map (OptionCases.values >> List.length) with
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

/// An option of a sister command has no meaning here.
let private refused (command: Command) words =
    command.Refused
    |> List.tryPick (fun (case, why) ->
        let names = OptionCases.names (OptionCases.named case)

        if words |> List.exists (fun word -> List.contains word names) then
            Some $"{command.Name} takes no {names.Head}{why}"
        else
            None)

/// What was given to a command, or what is wrong with it.
let read (command: Command) (words: string list) : Result<Given, Fault> =
    let all = $"; `punet {command.Name} --help` tells all"
    let known = byName ((command.Options |> List.map _.Case) @ List.map fst command.Refused)

    result {
        let! options, alone = separate known words |> Result.mapError (fun what -> Usage $"{command.Name} has {what}{all}")

        do!
            alone
            |> List.exists String.IsNullOrWhiteSpace
            |> Result.requireFalse (Usage $"{command.Name} has an empty word among what it works on{all}")

        // Of a command that takes no words, Argu says what is wrong with them.
        let unexpected = if command.Form = "" then alone else []

        let! parsed =
            try
                Ok(OptionCases.parser.Value.ParseCommandLine(Array.ofList (options @ unexpected), raiseOnUsage = false))
            with :? ArguParseException as error ->
                Error(Usage $"{command.Name}: {firstLine error.Message}{all}")

        match refused command options with
        | Some why -> return! Error(Usage why)
        | None -> return { Words = alone; Options = parsed }
    }
