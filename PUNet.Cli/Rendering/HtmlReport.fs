/// An experiment on one page: everything embedded, so that the file can be sent and read anywhere.
module PUNet.Cli.Rendering.HtmlReport

open System
open System.IO
open System.Net
open System.Text

/// A table; the first row holds the names of the columns.
type Table = string list list

/// A part of the page.
type Section =
    | Heading of string
    | Paragraph of string
    | Rows of Table
    /// A drawing that SvgPlot made.
    | Drawing of title: string * svg: string
    /// A picture of the store.
    | Picture of title: string * path: string
    /// Details that a reader opens.
    | Folded of title: string * Table

let private escape (text: string) = WebUtility.HtmlEncode text

let private style =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2126}"
    + "h1{font-size:1.6rem}h2{margin-top:2.2rem;border-bottom:1px solid #ccc}table{border-collapse:collapse;margin:1rem 0}"
    + "th,td{padding:.25rem .7rem;border-bottom:1px solid #e3e3e3;text-align:left;vertical-align:top}"
    + "td{font-variant-numeric:tabular-nums}figure{margin:1rem 0}figcaption{color:#555}img{max-width:100%;image-rendering:pixelated}"
    + "svg{max-width:44rem;width:100%;font-size:11px}details{margin:.4rem 0}summary{cursor:pointer}code{font-size:.9em}"

let private table (page: StringBuilder) (rows: Table) =
    page.Append "<table>" |> ignore

    rows
    |> List.iteri (fun i row ->
        let cell = if i = 0 then "th" else "td"
        page.Append "<tr>" |> ignore
        row |> List.iter (fun text -> page.Append($"<{cell}>{escape text}</{cell}>") |> ignore)
        page.Append "</tr>\n" |> ignore)

    page.Append "</table>\n" |> ignore

let private section (page: StringBuilder) (part: Section) =
    match part with
    | Heading text -> page.Append($"<h2>{escape text}</h2>\n") |> ignore
    | Paragraph text -> page.Append($"<p>{escape text}</p>\n") |> ignore
    | Rows rows -> table page rows
    | Drawing(_, "") -> ()
    | Drawing(title, svg) -> page.Append($"<figure>{svg}<figcaption>{escape title}</figcaption></figure>\n") |> ignore
    | Picture(title, path) ->
        let data = Convert.ToBase64String(File.ReadAllBytes path)

        page.Append(
            $"<figure><img alt=\"{escape title}\" src=\"data:image/png;base64,{data}\"><figcaption>{escape title}</figcaption></figure>\n"
        )
        |> ignore
    | Folded(title, rows) ->
        page.Append($"<details><summary>{escape title}</summary>\n") |> ignore
        table page rows
        page.Append "</details>\n" |> ignore

/// The page.
let render (title: string) (sections: Section list) : string =
    let page = StringBuilder()

    page.Append(
        $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{escape title}</title><style>{style}</style></head>\n"
    )
    |> ignore

    page.Append($"<body><h1>{escape title}</h1>\n") |> ignore
    sections |> List.iter (section page)
    page.Append("</body></html>\n").ToString()
