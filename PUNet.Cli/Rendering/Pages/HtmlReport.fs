/// An experiment on one page: everything embedded, so that the file can be sent and read anywhere.
module PUNet.Cli.Rendering.HtmlReport

open System
open System.Net
open System.Text

/// A table; the first row holds the names of the columns.
type Table = string list list

/// A picture with what it shows.
type Panel = { Path: string; Caption: string }

/// A part of the page.
type Section =
    | Heading of string
    | Subheading of string
    | Paragraph of string
    /// A sentence that a reader must not miss.
    | Warning of string
    /// What the colours of panels mean.
    | Key
    | Rows of Table
    /// A drawing that SvgPlot or one of its neighbours made.
    | Drawing of title: string * svg: string
    /// A drawing that may be larger than the page and scrolls.
    | LargeDrawing of title: string * svg: string
    /// A picture of the store.
    | Picture of title: string * path: string
    /// Pictures in named rows and columns; none leaves a place empty.
    | Panels of columns: string list * rows: (string * Panel option list) list
    /// A viewer of volumes; the first ones have precedence where not all fit.
    | Volumes of Viewer.Viewed list
    /// Details that a reader opens.
    | Folded of title: string * isOpen: bool * Section list

/// Most bytes of a page that go into a mail.
let mostBytes = 20L * 1024L * 1024L

/// Of these, what pictures and volumes may take; the rest is for the viewer itself, tables and drawings.
let private pictureBytes, private volumeBytes = 11L * 1024L * 1024L, 4L * 1024L * 1024L

/// Most bytes of one picture beside the panels, so that these have their place.
let private onePicture = 4L * 1024L * 1024L

let private escape (text: string) = WebUtility.HtmlEncode text

/// A hash, or the start of one.
let private isHash (text: string) = text.Length >= 8 && text |> Seq.forall Char.IsAsciiHexDigit

/// A number, with what may stand after it.
let private isFigure (text: string) =
    let digits = text.TrimStart('−', '-', '+')
    digits <> "" && Char.IsDigit digits[0] && text.Length < 32

/// Words that stand in columns of figures.
let private fillers = [ ""; "absent"; "empty"; "none" ]

/// Whether a column holds figures alone; the first one names its row, whatever the names look like.
let private isOfFigures (rows: Table) at =
    let cells =
        rows |> List.skip 1 |> List.choose (List.tryItem at) |> List.filter (fun text -> not (List.contains text fillers))

    at > 0 && not cells.IsEmpty && cells |> List.forall (fun text -> isFigure text && not (isHash text))

let private table (page: StringBuilder) (rows: Table) =
    page.Append "<div class=\"wide\"><table>\n" |> ignore
    let columns = rows |> List.tryHead |> Option.map List.length |> Option.defaultValue 0
    let figures = [| for at in 0 .. columns - 1 -> isOfFigures rows at |]
    let isFigures at = at < columns && figures[at]

    let cell at (text: string) =
        if isHash text then $"<td class=\"long\">{escape text}</td>"
        elif isFigures at && isFigure text then $"<td class=\"n\">{escape text}</td>"
        else $"<td>{escape text}</td>"

    let head at (text: string) =
        if isFigures at then
            $"<th scope=\"col\" class=\"n\">{escape text}</th>"
        else
            $"<th scope=\"col\">{escape text}</th>"

    rows
    |> List.iteri (fun i row ->
        page.Append(if i = 0 then "<thead><tr>" else "<tr>") |> ignore
        row |> List.iteri (fun at text -> page.Append(if i = 0 then head at text else cell at text) |> ignore)
        page.Append(if i = 0 then "</tr></thead><tbody>\n" else "</tr>\n") |> ignore)

    page.Append(if rows.IsEmpty then "</table></div>\n" else "</tbody></table></div>\n") |> ignore

let private leftOut (path: string) = $"Left out, so that the page stays small enough for a mail: {path}"

let private picture (budget: PictureBudget) (title: string) (caption: string) path =
    match budget.TryTake path with
    | Some data -> $"<figure><img loading=\"lazy\" alt=\"{escape title}\" src=\"{data}\"><figcaption>{escape caption}</figcaption></figure>"
    | None -> $"<p>{escape caption}</p><p class=\"warning\">{escape (leftOut path)}</p>"

let private panels (page: StringBuilder) budget columns (rows: (string * Panel option list) list) =
    page.Append "<div class=\"wide\"><table class=\"panels\"><thead><tr><th scope=\"col\"></th>" |> ignore
    columns |> List.iter (fun (name: string) -> page.Append($"<th scope=\"col\">{escape name}</th>") |> ignore)
    page.Append "</tr></thead><tbody>\n" |> ignore

    for name, cells in rows do
        page.Append($"<tr><th scope=\"row\">{escape name}</th>") |> ignore

        for cell in cells do
            match cell with
            | Some panel ->
                let shown = picture budget $"{name}: {panel.Caption}" panel.Caption panel.Path
                page.Append($"<td>{shown}</td>") |> ignore
            | None -> page.Append "<td></td>" |> ignore

        page.Append "</tr>\n" |> ignore

    page.Append "</tbody></table></div>\n" |> ignore

let private headings (sections: Section list) =
    [ for part in sections do
          match part with
          | Heading text -> text
          | _ -> () ]

let rec private section (page: StringBuilder) (budget: PictureBudget) (number: int ref) (part: Section) =
    let line (text: string) = page.Append(text).Append('\n') |> ignore

    match part with
    | Heading text ->
        number.Value <- number.Value + 1
        line $"<h2 id=\"s{number.Value}\">{escape text}</h2>"
    | Subheading text -> line $"<h3>{escape text}</h3>"
    | Paragraph text -> line $"<p>{escape text}</p>"
    | Warning text -> line $"<p class=\"warning\">{escape text}</p>"
    | Key -> line "<p class=\"key\">Left: <b class=\"r\">reference</b> Right: <b class=\"p\">prediction</b></p>"
    | Rows rows -> table page rows
    | Drawing(_, "")
    | LargeDrawing(_, "") -> ()
    | Drawing(title, svg) -> line $"<figure>{svg}<figcaption>{escape title}</figcaption></figure>"
    | LargeDrawing(title, svg) -> line $"<figure><div class=\"scroll\">{svg}</div><figcaption>{escape title}</figcaption></figure>"
    | Picture(title, path) ->
        let isLarge = PictureBudget.Encoded(IO.FileInfo(path).Length) > onePicture
        line (picture (if isLarge then PictureBudget 0L else budget) title title path)
    | Panels(columns, rows) -> panels page budget columns rows
    | Volumes subjects -> page.Append(Viewer.render volumeBytes subjects) |> ignore
    | Folded(title, isOpen, parts) ->
        let state = if isOpen then " open" else ""
        line $"<details{state}><summary>{escape title}</summary>"
        parts |> List.iter (section page budget number)
        line "</details>"

/// The page, with pictures for as many bytes as are given.
let renderWithin (pictures: int64) (title: string) (sections: Section list) : string =
    let page, budget = StringBuilder(), PictureBudget pictures
    let line (text: string) = page.Append(text).Append('\n') |> ignore
    let named = headings sections

    line "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
    line $"<title>{escape title}</title><style>{PageStyle.sheet}</style></head>"
    line $"<body><h1>{escape title}</h1>"

    if named.Length > 1 then
        let links = named |> List.mapi (fun i name -> $"<a href=\"#s{i + 1}\">{escape name}</a>")
        line $"""<nav aria-label="Contents">{String.Join("\n", links)}</nav>"""

    sections |> List.iter (section page budget (ref 0))
    page.Append("</body></html>\n").ToString()

let private size (page: string) = int64 (Encoding.UTF8.GetByteCount page)

/// The page; pictures make room where the rest of it is long.
let render (title: string) (sections: Section list) : string =
    let page = renderWithin pictureBytes title sections

    if size page <= mostBytes then
        page
    else
        renderWithin (max 0L (mostBytes - size (renderWithin 0L title sections))) title sections
