/// The words of a command that takes a script: its path, and NAME=VALUE for its arguments.
module PUNet.Cli.CommandLine.ScriptWords

open PUNet.Cli

let private pair (word: string) =
    match word.IndexOf '=' with
    | at when at > 0 -> Some(word.Substring(0, at), word.Substring(at + 1))
    | _ -> None

/// What a command works on, and the script's arguments behind it; NAME=VALUE may not come before.
let readAs what (command: Command) (words: string list) =
    match words with
    | [] -> Error(Usage $"{command.Name} needs {what}: punet {command.Name} {command.Form}")
    | script :: arguments ->
        match arguments |> List.tryFind (pair >> Option.isNone) with
        | Some word -> Error(Usage $"after the script come its arguments, as NAME=VALUE; given: {word}")
        | None ->
            let pairs = List.choose pair arguments

            match pairs |> List.countBy fst |> List.tryFind (fun (_, times) -> times > 1) with
            | Some(name, times) -> Error(Usage $"the argument {name} is given {times} times; each is given once")
            | None -> Ok(script, pairs)

/// The script and its arguments.
let read command words = readAs "a script" command words
