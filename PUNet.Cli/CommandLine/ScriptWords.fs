/// The words of a command that takes a script: its path, and NAME=VALUE for its arguments.
module PUNet.Cli.CommandLine.ScriptWords

open PUNet.Cli

let private pair (word: string) =
    match word.IndexOf '=' with
    | at when at > 0 -> Some(word.Substring(0, at), word.Substring(at + 1))
    | _ -> None

/// The script and its arguments; NAME=VALUE may not come before the script.
let read command (words: string list) =
    match words with
    | [] -> Error(Usage $"{command} needs a script: punet {command} SCRIPT.fsx [NAME=VALUE …]")
    | script :: arguments ->
        match arguments |> List.tryFind (pair >> Option.isNone) with
        | Some word -> Error(Usage $"after the script come its arguments, as NAME=VALUE; given: {word}")
        | None -> Ok(script, List.choose pair arguments)
