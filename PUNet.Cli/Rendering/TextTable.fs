/// Tables for a terminal: columns lined up by the characters that a reader counts.
module PUNet.Cli.Rendering.TextTable

open System
open System.Globalization

let private width (text: string) = StringInfo.ParseCombiningCharacters(text).Length

/// What would break the line of a table.
let private oneLine (text: string) = text |> String.map (fun character -> if Char.IsControl character then ' ' else character)

let private pad (isNumber: bool) columns (text: string) =
    let space = String(' ', columns - width text)
    if isNumber then space + text else text + space

/// The lines of a table: its header, a rule, its rows. `numbers`: the columns that are set to the right.
let lines (header: string list) (numbers: bool list) (rows: string list list) : string list =
    let rows = header :: rows |> List.map (List.map oneLine)
    let widths = List.transpose rows |> List.map (List.map width >> List.max)

    let line (row: string list) = List.map3 pad numbers widths row |> String.concat "  " |> _.TrimEnd()
    let rule = widths |> List.map (fun columns -> String('─', columns)) |> String.concat "  "

    match rows with
    | head :: rows -> line head :: rule :: List.map line rows
    | [] -> []
