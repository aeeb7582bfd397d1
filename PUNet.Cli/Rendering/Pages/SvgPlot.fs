/// Plots as inline SVG, without a script and without anything from outside.
module PUNet.Cli.Rendering.SvgPlot

open System
open System.Text
open PUNet.Cli.Rendering.SvgFrame

/// A line of a plot.
type Line = { Name: string; Points: (float * float) list }

/// A bar with the deviation that its whisker shows; no value: nothing was measured.
type Bar = { Group: string; Name: string; Value: float option; Deviation: float option }

let private width, private height = 640.0, 260.0
let private left, private right, private top, private bottom = 56.0, 12.0, 12.0, 34.0

let private grid (svg: StringBuilder) low high y =
    for tick in ticks low high do
        stroke svg left (y tick) (width - right) (y tick) "grid"
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

        frame title width height (given |> List.map _.Name) (fun svg ->
            grid svg low high y

            for tick in ticks firstX lastX do
                text svg (x tick) (height - bottom + 16.0) "middle" (significant tick)

            text svg (width - right) (height - 4.0) "end" xName

            given
            |> List.iteri (fun i line ->
                let found = line.Points |> List.filter (fun (at, value) -> Double.IsFinite at && Double.IsFinite value)
                let shown = found |> List.map (fun (at, value) -> $"{number (x at)},{number (y value)}")
                let dash = if dashes i = "" then "" else $" stroke-dasharray=\"{dashes i}\""

                svg.Append($"""<polyline fill="none" stroke="{colour i}" stroke-width="1.5"{dash} points="{String.Join(' ', shown)}"/>""")
                |> ignore

                // a line of one point has no length
                match found with
                | [ at, value ] ->
                    svg.Append($"""<circle cx="{number (x at)}" cy="{number (y value)}" r="3" fill="{colour i}"/>""") |> ignore
                | _ -> ()))

let private told (bar: Bar) value = $"{escape bar.Name}, {escape bar.Group}: {number value}"

/// Upright bars, for few groups.
let private upright title (bars: Bar list) (groups: string list) (names: string list) =
    let y value = height - bottom - max 0.0 (min 100.0 value) / 100.0 * (height - top - bottom)
    let slot = (width - left - right) / float groups.Length
    let bar = slot * 0.8 / float names.Length

    frame title width height names (fun svg ->
        grid svg 0.0 100.0 y

        for group, start in List.zip groups [ for i in 0 .. groups.Length - 1 -> left + slot * (float i + 0.1) ] do
            text svg (start + slot * 0.4) (height - bottom + 16.0) "middle" (shortened (int (slot / 6.0)) group)

            for found in bars |> List.filter (fun other -> other.Group = group) do
                let i = names |> List.findIndex ((=) found.Name)
                let x, middle = start + bar * float i, start + bar * (float i + 0.5)

                match found.Value |> Option.filter Double.IsFinite with
                | None -> text svg middle (y 0.0 - 6.0) "middle" "absent"
                | Some value ->
                    let place =
                        $"x=\"{number x}\" y=\"{number (y value)}\" width=\"{number (bar * 0.9)}\" height=\"{number (y 0.0 - y value)}\""

                    svg.Append($"<rect {place} fill=\"{colour i}\"><title>{told found value}</title></rect>") |> ignore

                    match found.Deviation |> Option.filter Double.IsFinite with
                    | Some deviation -> stroke svg middle (y (value - deviation)) middle (y (value + deviation)) "whisker"
                    | None -> ())

/// Lying bars, each group under the other, for as many groups as there are.
let private lying title (bars: Bar list) (groups: string list) (names: string list) =
    let start, thick = 190.0, 11.0
    let slot = thick * float names.Length + 8.0
    let tall = top + slot * float groups.Length + 26.0
    let x value = start + max 0.0 (min 100.0 value) / 100.0 * (width - start - right)

    frame title width tall names (fun svg ->
        for tick in ticks 0.0 100.0 do
            stroke svg (x tick) top (x tick) (tall - 22.0) "grid"
            text svg (x tick) (tall - 8.0) "middle" (significant tick)

        for group, y in List.zip groups [ for i in 0 .. groups.Length - 1 -> top + slot * float i ] do
            text svg (start - 8.0) (y + slot / 2.0) "end" (shortened 30 group)

            for found in bars |> List.filter (fun other -> other.Group = group) do
                let i = names |> List.findIndex ((=) found.Name)
                let y = y + thick * float i

                match found.Value |> Option.filter Double.IsFinite with
                | None -> text svg (start + 4.0) (y + 9.0) "start" "absent"
                | Some value ->
                    let place =
                        $"x=\"{number start}\" y=\"{number y}\" width=\"{number (x value - start)}\" height=\"{number (thick - 2.0)}\""

                    svg.Append($"<rect {place} fill=\"{colour i}\"><title>{told found value}</title></rect>") |> ignore
                    let middle = y + (thick - 2.0) / 2.0

                    match found.Deviation |> Option.filter Double.IsFinite with
                    | Some deviation -> stroke svg (x (value - deviation)) middle (x (value + deviation)) middle "whisker"
                    | None -> ())

/// Most groups whose names stand side by side.
let private mostUpright = 6

/// Groups of bars from 0 to 100, with whiskers.
let percentages (title: string) (bars: Bar list) : string =
    let groups = bars |> List.map _.Group |> List.distinct
    let names = bars |> List.map _.Name |> List.distinct

    if bars.IsEmpty then ""
    elif groups.Length <= mostUpright then upright title bars groups names
    else lying title bars groups names
