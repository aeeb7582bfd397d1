/// Points over a logarithmic axis, as inline SVG.
module PUNet.Cli.Rendering.SvgScatter

open System
open System.Globalization
open PUNet.Cli.Rendering.SvgFrame

/// Something measured in percent at a number of something, by the series that it belongs to.
type Point = { Series: string; Name: string; At: float; Value: float }

let private width, private height = 640.0, 300.0
let private left, private right, private top, private bottom = 56.0, 20.0, 14.0, 38.0

let private count (value: float) =
    if value >= 1e6 then (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " M"
    elif value >= 1e3 then (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + " k"
    else number value

/// Small points, and for every series a large one at the mean of its own; points at 0 or below have no place on the axis. `known`: the series
/// of the page, which have their colours by their order there.
let percentages (title: string) (xName: string) (known: string list) (points: Point list) : string =
    let points = points |> List.filter (fun point -> Double.IsFinite point.At && point.At > 0.0 && Double.IsFinite point.Value)
    let colours = known @ (points |> List.map _.Series) |> List.distinct |> List.indexed
    let series = colours |> List.filter (fun (_, name) -> points |> List.exists (fun point -> point.Series = name))

    if points.IsEmpty then
        ""
    else
        let first, last = range [ for point in points -> log10 point.At ]
        let first, last = floor (first - 0.05), ceil (last + 0.05)
        let low = max 0.0 (10.0 * floor ((points |> List.map _.Value |> List.min) / 10.0) - 5.0)
        let x (value: float) = left + (log10 value - first) / (last - first) * (width - left - right)
        let y value = height - bottom - (value - low) / (100.0 - low) * (height - top - bottom)

        let dot (svg: Text.StringBuilder) i at value radius opacity name =
            let place = $"cx=\"{number (x at)}\" cy=\"{number (y value)}\" r=\"{number radius}\""
            let told = $"{escape name}: {number value} at {count at}"
            svg.Append($"<circle {place} fill=\"{colour i}\" fill-opacity=\"{opacity}\"><title>{told}</title></circle>") |> ignore

        coloured title width height series (fun svg ->
            for tick in ticks low 100.0 do
                stroke svg left (y tick) (width - right) (y tick) "grid"
                text svg (left - 6.0) (y tick + 4.0) "end" (significant tick)

            for power in int first .. int last do
                stroke svg (x (10.0 ** float power)) top (x (10.0 ** float power)) (height - bottom) "grid"
                text svg (x (10.0 ** float power)) (height - bottom + 16.0) "middle" (count (10.0 ** float power))

            text svg (width - right) (height - 4.0) "end" xName

            for i, name in series do
                let own = points |> List.filter (fun point -> point.Series = name)

                for point in own do
                    dot svg i point.At point.Value 3.5 "0.6" $"{name}, {point.Name}"

                dot svg i (own |> List.averageBy _.At) (own |> List.averageBy _.Value) 7.0 "1" $"{name}, mean")
