/// What `punet COMMAND --help` tells.
module PUNet.Cli.CommandLine.Help

open System
open PUNet.Cli

/// Columns of a terminal.
let private width = 80

/// Words put into lines of at most so many characters.
let private wrap columns (text: string) =
    let add (lines: string list) (word: string) =
        match lines with
        | line :: former when line.Length + 1 + word.Length <= columns -> $"{line} {word}" :: former
        | lines -> word :: lines

    text.Split(' ', StringSplitOptions.RemoveEmptyEntries) |> Array.fold add [] |> List.rev

/// --output, -o PATH
let private label (taken: TakenOption) =
    let case = OptionCases.named taken.Case
    let names = String.concat ", " (OptionCases.names case)
    String.Join(' ', names :: OptionCases.values case)

/// What an option means for a command.
let meaning (taken: TakenOption) = $"{(OptionCases.named taken.Case).Description.Value} {taken.Meaning}".TrimEnd()

/// The words of a command line as they can be typed in a shell.
let typed (words: string list) =
    let isPlain letter = Char.IsLetterOrDigit letter || "-_./:=,+@%~".Contains letter

    let quote (word: string) = if word <> "" && Seq.forall isPlain word then word else "'" + word.Replace("'", "'\\''") + "'"

    String.Join(' ', "punet" :: List.map quote words)

/// The help of a command: how it is typed, what it takes, and an example.
let text (command: Command) =
    let rows =
        [ yield! command.Words
          for taken in command.Options do
              label taken, meaning taken ]

    let column = rows |> List.map (fst >> String.length) |> List.max

    [ $"punet {command.Name} {command.Form}".TrimEnd() + " [OPTIONS]"
      command.Purpose
      ""
      for label, text in rows do
          for i, line in Seq.indexed (wrap (width - column - 4) text) do
              let left = if i = 0 then label else ""
              $"  {left.PadRight column}  {line}"
      ""
      "for example:"
      $"  {typed command.Example}" ]
    |> String.concat "\n"
