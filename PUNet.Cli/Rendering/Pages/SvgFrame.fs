/// What the plots of a page have in common. Colours of text and lines come from the page, so that they suit light and dark.
module internal PUNet.Cli.Rendering.SvgFrame

open System
open System.Globalization
open System.Net
open System.Text

let private colours = [| "#3d85c6"; "#d9822b"; "#3a9b62"; "#c25567"; "#8a6fc0"; "#7b8794" |]

/// Of a series, by its number; they repeat.
let colour i = colours[i % colours.Length]

/// The pattern that tells series of one colour apart; empty for an unbroken line.
let dashes i = [| ""; "6 3"; "2 3"; "8 3 2 3" |][i / colours.Length % 4]

/// Up to two decimals.
let number (value: float) = value.ToString("0.##", CultureInfo.InvariantCulture)

/// Four digits.
let significant (value: float) = value.ToString("G4", CultureInfo.InvariantCulture)

let escape (text: string) = WebUtility.HtmlEncode text

/// The text, at a number of characters without its middle: what tells names apart is often their end.
let shortened most (text: string) =
    if text.Length <= most then
        text
    else
        let tail = most / 3
        text.Substring(0, most - 1 - tail) + "…" + text.Substring(text.Length - tail)

let text (svg: StringBuilder) x y anchor content =
    svg.Append($"<text x=\"{number x}\" y=\"{number y}\" text-anchor=\"{anchor}\">{escape content}</text>") |> ignore

/// A line of a kind that the page's style knows: grid or whisker.
let stroke (svg: StringBuilder) x1 y1 x2 y2 kind =
    svg.Append($"<line class=\"{kind}\" x1=\"{number x1}\" y1=\"{number y1}\" x2=\"{number x2}\" y2=\"{number y2}\"/>")
    |> ignore

/// Round numbers that divide a range into about four parts.
let ticks (low: float) (high: float) =
    let raw = (high - low) / 4.0
    let power = 10.0 ** floor (log10 raw)
    let step = [ 1.0; 2.0; 2.5; 5.0; 10.0 ] |> List.map ((*) power) |> List.find (fun step -> step >= raw * 0.999)
    [ for i in int (ceil (low / step - 1e-9)) .. int (floor (high / step + 1e-9)) -> float i * step ]

/// Lowest and highest of some values; of equal ones a range around them.
let range values =
    let low, high = List.min values, List.max values
    if high > low then low, high else low - 0.5, high + 0.5

/// A drawing of a size, with the names of its series below, each with the number of its colour.
let coloured (title: string) width height (series: (int * string) list) (content: StringBuilder -> unit) =
    let svg = StringBuilder()
    let legend = 18.0 * float series.Length

    svg.Append(
        $"<svg viewBox=\"0 0 {number width} {number (height + legend)}\" role=\"img\" "
        + $"aria-label=\"{escape title}\" xmlns=\"http://www.w3.org/2000/svg\">"
    )
    |> ignore

    content svg

    series
    |> List.iteri (fun place (i, name) ->
        let y = height + 12.0 + 18.0 * float place
        let dash = if dashes i = "" then "" else $" stroke-dasharray=\"{dashes i}\""

        svg.Append(
            $"<line x1=\"56\" y1=\"{number (y - 4.0)}\" x2=\"80\" y2=\"{number (y - 4.0)}\" stroke=\"{colour i}\" stroke-width=\"5\"{dash}/>"
        )
        |> ignore

        text svg 88.0 y "start" name)

    svg.Append("</svg>").ToString()

/// The same with colours in the order of the names.
let frame title width height (names: string list) content = coloured title width height (List.indexed names) content
