/// The words of a command that takes exactly one: a file, or a model.
module PUNet.Cli.CommandLine.OneWord

open PUNet.Cli

/// The word; `form` is how the command is typed.
let read command form (words: string list) =
    match words with
    | [ word ] when word <> "" -> Ok word
    | [] -> Error(Usage $"{command} needs something to work on: punet {command} {form}")
    | _ -> Error(Usage $"""{command} takes one word, not {words.Length}: punet {command} {form}; given: {String.concat " " words}""")
