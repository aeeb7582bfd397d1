/// Rules that checks share. `where` gives the position of a keyword of the block in question.
module internal PUNet.Dsl.Rules

open System
open PUNet.Core.Common.Settings

type Where = string -> SourcePosition

/// By which word and where each setting got its value.
type Words = Map<string, string * SourcePosition>

/// The word by which a block gives a setting: its own keyword, or another one that sets it.
let spoken (words: Words) setting = words |> Map.tryFind setting |> Option.map fst

/// Looks up where a setting got its value, or else where a keyword stands, or else the block's own word on its first line.
let where (words: Words) (keywords: Map<string, SourcePosition>) (block: string) (head: SourcePosition) : Where =
    fun name ->
        match words.TryFind name, keywords.TryFind name with
        | Some(word, position), _ -> SourcePosition.locate word position
        | None, Some position -> SourcePosition.locate name position
        | None, None -> SourcePosition.locate block head

/// A fault of the core in the script's own word for the setting. It is told at the first of its settings that the block states itself
/// (`own`), else at the first that it follows.
let told (own: Words) (words: Words) (where: Where) (fault: Fault) =
    let settings = List.ofSeq fault.Settings
    let stated = settings |> List.filter (fun setting -> own.ContainsKey setting)
    let place = stated @ settings |> List.tryFind words.ContainsKey |> Option.orElse (List.tryHead settings)

    let word =
        place |> Option.map (fun setting -> spoken words setting |> Option.defaultValue setting) |> Option.defaultValue ""

    // a sentence about one setting, or about what several make, begins with the first one's name
    let startsWith text = fault.What.StartsWith(text, StringComparison.Ordinal)

    let what =
        match settings with
        | first :: others when startsWith $"{first} makes " || others.IsEmpty && startsWith $"{first} " ->
            word + fault.What.Substring first.Length
        | _ -> fault.What

    Problem.at (where (Option.defaultValue "" place)) (what.TrimEnd '.') fault.Rule fault.Given (fault.Remedy.TrimEnd '.')

/// A name that tables and the command line can show.
let named position what (name: string) =
    [ if String.IsNullOrWhiteSpace name || name.Contains '\n' then
          Problem.at position $"{what} has no name" "it is told by one line of text" $"\"{name}\"" "" ]
