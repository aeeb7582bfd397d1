/// Tables of Markdown files, with their columns lined up for reading.
module PUNet.Cli.Rendering.MarkdownTable

open System.Text

let private isRow (line: string) =
    let line = line.Trim()
    line.StartsWith '|' && line.EndsWith '|' && line.Length > 1

let private cells (row: string) = row.Trim().Trim('|').Split '|' |> Array.map _.Trim() |> List.ofArray

let private isRule (row: string list) = row |> List.forall (fun cell -> cell <> "" && cell |> Seq.forall (fun c -> c = '-' || c = ':'))

/// Width in characters as a reader counts them.
let private width (text: string) = text.EnumerateRunes() |> Seq.length

let private align (rows: string list list) =
    let columns = rows |> List.map List.length |> List.max

    let widths =
        [ for column in 0 .. columns - 1 ->
              rows
              |> List.filter (isRule >> not)
              |> List.map (fun row -> row |> List.tryItem column |> Option.map width |> Option.defaultValue 0)
              |> List.fold max 1 ]

    let line row =
        if isRule row then
            widths |> List.map (fun width -> System.String('─', width)) |> String.concat "  "
        else
            List.zip widths [ for column in 0 .. columns - 1 -> row |> List.tryItem column |> Option.defaultValue "" ]
            |> List.map (fun (space, cell) -> cell + System.String(' ', space - width cell))
            |> String.concat "  "

    rows |> List.map (line >> _.TrimEnd())

/// The text with every table's columns padded to one width; other lines stay as they are.
let render (markdown: string) =
    let flush (text: StringBuilder) table =
        if not (List.isEmpty table) then
            table |> List.rev |> List.map cells |> align |> List.iter (text.AppendLine >> ignore)

    let text = StringBuilder()

    let last =
        markdown.TrimEnd().Split '\n'
        |> Array.fold
            (fun table line ->
                if isRow line then
                    line :: table
                else
                    flush text table
                    text.AppendLine(line.TrimEnd()) |> ignore
                    [])
            []

    flush text last
    text.ToString().TrimEnd()
