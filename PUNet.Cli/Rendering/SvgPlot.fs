/// Plots as inline SVG, without a script and without anything from outside.
module PUNet.Cli.Rendering.SvgPlot

open System
open System.Globalization
open System.Net
open System.Text

/// A line of a plot.
type Line = { Name: string; Points: (float * float) list }

/// A bar with the deviation that its whisker shows; no value: nothing was measured.
type Bar = { Group: string; Name: string; Value: float option; Deviation: float option }

let private colours = [| "#2a6fb0"; "#d9822b"; "#3a9b62"; "#b04a5a"; "#7a5ea8"; "#6b7785" |]
let private colour i = colours[i % colours.Length]
let private number (value: float) = value.ToString("0.##", CultureInfo.InvariantCulture)
let private escape (text: string) = WebUtility.HtmlEncode text
let private width, private height = 640.0, 260.0
let private left, private right, private top, private bottom = 56.0, 12.0, 12.0, 34.0

let private text (svg: StringBuilder) x y anchor content =
    svg.Append($"<text x=\"{number x}\" y=\"{number y}\" text-anchor=\"{anchor}\">{escape content}</text>") |> ignore

let private stroke (svg: StringBuilder) x1 y1 x2 y2 colour =
    svg.Append($"<line x1=\"{number x1}\" y1=\"{number y1}\" x2=\"{number x2}\" y2=\"{number y2}\" stroke=\"{colour}\"/>")
    |> ignore

/// Round numbers that divide a range into about four parts.
let private ticks (low: float) (high: float) =
    let raw = (high - low) / 4.0
    let power = 10.0 ** floor (log10 raw)
    let step = [ 1.0; 2.0; 5.0; 10.0 ] |> List.map ((*) power) |> List.find (fun step -> step >= raw * 0.999)
    [ for i in int (ceil (low / step - 1e-9)) .. int (floor (high / step + 1e-9)) -> float i * step ]

let private range values =
    let low, high = List.min values, List.max values
    if high > low then low, high else low - 0.5, high + 0.5

let private significant (value: float) = value.ToString("G4", CultureInfo.InvariantCulture)

let private frame (title: string) (names: string list) (content: StringBuilder -> unit) =
    let svg = StringBuilder()
    let legend = 18.0 * float names.Length

    svg.Append(
        $"<svg viewBox=\"0 0 {number width} {number (height + legend)}\" role=\"img\" "
        + $"aria-label=\"{escape title}\" xmlns=\"http://www.w3.org/2000/svg\">"
    )
    |> ignore

    content svg

    names
    |> List.iteri (fun i name ->
        let y = height + 12.0 + 18.0 * float i

        svg.Append($"<rect x=\"{number left}\" y=\"{number (y - 9.0)}\" width=\"10\" height=\"10\" fill=\"{colour i}\"/>")
        |> ignore

        text svg (left + 16.0) y "start" name)

    svg.Append("</svg>").ToString()

let private grid (svg: StringBuilder) low high y =
    for tick in ticks low high do
        stroke svg left (y tick) (width - right) (y tick) "#ddd"
        text svg (left - 6.0) (y tick + 4.0) "end" (significant tick)

/// Lines over a common axis.
let lines (title: string) (xName: string) (given: Line list) : string =
    let points = given |> List.collect _.Points |> List.filter (fun (x, y) -> Double.IsFinite x && Double.IsFinite y)

    if points.IsEmpty then
        ""
    else
        let (firstX, lastX), (low, high) = range (List.map fst points), range (List.map snd points)
        let x value = left + (value - firstX) / (lastX - firstX) * (width - left - right)
        let y value = height - bottom - (value - low) / (high - low) * (height - top - bottom)

        frame title (given |> List.map _.Name) (fun svg ->
            grid svg low high y

            for tick in ticks firstX lastX do
                text svg (x tick) (height - bottom + 16.0) "middle" (significant tick)

            text svg (width - right) (height - 4.0) "end" xName

            given
            |> List.iteri (fun i line ->
                let shown =
                    line.Points
                    |> List.filter (fun (_, value) -> Double.IsFinite value)
                    |> List.map (fun (at, value) -> $"{number (x at)},{number (y value)}")

                svg.Append($"""<polyline fill="none" stroke="{colour i}" stroke-width="1.5" points="{String.Join(' ', shown)}"/>""")
                |> ignore

                // a line of one point has no length
                match line.Points |> List.filter (fun (at, value) -> Double.IsFinite at && Double.IsFinite value) with
                | [ at, value ] ->
                    svg.Append($"""<circle cx="{number (x at)}" cy="{number (y value)}" r="3" fill="{colour i}"/>""") |> ignore
                | _ -> ()))

/// Groups of bars from 0 to 100, with whiskers.
let percentages (title: string) (bars: Bar list) : string =
    let groups = bars |> List.map _.Group |> List.distinct
    let names = bars |> List.map _.Name |> List.distinct

    if bars.IsEmpty then
        ""
    else
        let y value = height - bottom - max 0.0 (min 100.0 value) / 100.0 * (height - top - bottom)
        let slot = (width - left - right) / float groups.Length
        let bar = slot * 0.8 / float names.Length

        frame title names (fun svg ->
            grid svg 0.0 100.0 y

            for group, start in List.zip groups [ for i in 0 .. groups.Length - 1 -> left + slot * (float i + 0.1) ] do
                text svg (start + slot * 0.4) (height - bottom + 16.0) "middle" group

                for found in bars |> List.filter (fun other -> other.Group = group) do
                    let i = names |> List.findIndex ((=) found.Name)
                    let x, middle = start + bar * float i, start + bar * (float i + 0.5)

                    match found.Value |> Option.filter Double.IsFinite with
                    | None -> text svg middle (y 0.0 - 6.0) "middle" "absent"
                    | Some value ->
                        let place =
                            $"x=\"{number x}\" y=\"{number (y value)}\" width=\"{number (bar * 0.9)}\" height=\"{number (y 0.0 - y value)}\""

                        let told = $"{escape found.Name}, {escape group}: {number value}"
                        svg.Append($"<rect {place} fill=\"{colour i}\"><title>{told}</title></rect>") |> ignore

                        match found.Deviation |> Option.filter Double.IsFinite with
                        | Some deviation -> stroke svg middle (y (value - deviation)) middle (y (value + deviation)) "#222"
                        | None -> ())
