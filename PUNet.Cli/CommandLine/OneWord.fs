/// The words of a command that takes exactly one: a file, or a model.
module PUNet.Cli.CommandLine.OneWord

open PUNet.Cli

/// The word.
let read (command: Command) (words: string list) =
    let typed = $"punet {command.Name} {command.Form}"

    match words with
    | [ word ] when word <> "" -> Ok word
    | [] -> Error(Usage $"{command.Name} needs something to work on: {typed}")
    | _ -> Error(Usage $"""{command.Name} takes one word, not {words.Length}: {typed}; given: {String.concat " " words}""")
