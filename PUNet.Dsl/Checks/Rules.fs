/// Rules that checks share. `where` gives the position of a keyword of the block in question.
module internal PUNet.Dsl.Rules

open System
open PUNet.Core.Common.Settings

type Where = string -> SourcePosition

/// Keywords that set what others set too: a value of one may have come by any of them.
let private families =
    [ "body_rate", "rate"
      "prompt_rate", "rate"
      "initial_tokens", "start_from_base_mean"
      "start_from_base_mean", "initial_tokens"
      "target", "targets"
      "intensity_window", "normalise_per_volume"
      "class_weights", "ratio_factor"
      "ratio_factor", "class_weights" ]

/// The word by which a block gives a setting: the setting's own keyword, or another one that sets it.
let spoken (given: Map<string, SourcePosition>) keyword =
    if given.ContainsKey keyword then
        Some keyword
    else
        families |> List.tryPick (fun (one, other) -> if one = keyword && given.ContainsKey other then Some other else None)

/// Looks positions up among the settings of a block, else at the block's own word on its first line.
let where (settings: Map<string, SourcePosition>) (block: string) (head: SourcePosition) : Where =
    fun keyword ->
        match spoken settings keyword with
        | Some word -> SourcePosition.locate word settings[word]
        | None -> SourcePosition.locate block head

/// A fault of the core in the script's own word for the setting, at the first of its settings that the script gives.
let told given (where: Where) (fault: Fault) =
    let settings = List.ofSeq fault.Settings
    let word = settings |> List.tryPick (spoken given) |> Option.orElse (List.tryHead settings) |> Option.defaultValue ""

    // a sentence about one setting, or about what several make, begins with the first one's name
    let startsWith text = fault.What.StartsWith(text, StringComparison.Ordinal)

    let what =
        match settings with
        | first :: others when startsWith $"{first} makes " || others.IsEmpty && startsWith $"{first} " ->
            word + fault.What.Substring first.Length
        | _ -> fault.What

    Problem.at (where word) (what.TrimEnd '.') fault.Rule fault.Given (fault.Remedy.TrimEnd '.')

/// A name that tables and the command line can show.
let named position what (name: string) =
    [ if String.IsNullOrWhiteSpace name || name.Contains '\n' then
          Problem.at position $"{what} has no name" "it is told by one line of text" $"\"{name}\"" "" ]
