/// Stages and what they read, as inline SVG: inputs left of what reads them.
module PUNet.Cli.Rendering.SvgGraph

open System
open System.Text
open PUNet.Cli.Rendering.SvgFrame

/// A stage of the drawing, after all that it reads.
type Box =
    {
        Id: string
        Label: string
        /// A word that the page's style knows as a class: ran, cached, running, failed, open.
        State: string
        /// The second line.
        Detail: string
        /// Identities of what it reads.
        Reads: string list
    }

let private boxWidth, private boxHeight, private across, private down = 190.0, 40.0, 244.0, 52.0
let private lineLength = 29

/// The level of each box: one more than the highest of what it reads.
let levels (boxes: Box list) : Map<string, int> =
    boxes
    |> List.fold
        (fun (found: Map<string, int>) box ->
            let below = box.Reads |> List.choose found.TryFind |> List.fold max -1
            found.Add(box.Id, below + 1))
        Map.empty

let private box (svg: StringBuilder) x y (given: Box) =
    svg.Append(
        $"<g class=\"stage {escape given.State}\"><title>{escape given.Label}: {escape given.Detail}</title>"
        + $"<rect x=\"{number x}\" y=\"{number y}\" width=\"{number boxWidth}\" height=\"{number boxHeight}\" rx=\"5\"/>"
    )
    |> ignore

    text svg (x + 9.0) (y + 16.0) "start" (shortened lineLength given.Label)
    svg.Append "<g class=\"faint\">" |> ignore
    text svg (x + 9.0) (y + 32.0) "start" (shortened lineLength given.Detail)
    svg.Append "</g></g>" |> ignore

let private edge (svg: StringBuilder) (x1, y1) (x2, y2) =
    let start, middle, goal = x1 + boxWidth, (x1 + boxWidth + x2) / 2.0, y2 + boxHeight / 2.0
    let from = y1 + boxHeight / 2.0

    let curve =
        $"M{number start},{number from} C{number middle},{number from} {number middle},{number goal} {number x2},{number goal}"

    svg.Append($"<path class=\"edge\" d=\"{curve}\"/>") |> ignore

/// The drawing, at its natural size.
let draw (title: string) (boxes: Box list) : string =
    let levels = levels boxes

    let places =
        boxes
        |> List.groupBy (fun box -> levels[box.Id])
        |> List.collect (fun (level, column) ->
            column |> List.mapi (fun row box -> box.Id, (2.0 + across * float level, 2.0 + down * float row)))
        |> Map.ofList

    if boxes.IsEmpty then
        ""
    else
        let width = 4.0 + (places.Values |> Seq.map fst |> Seq.max) + boxWidth
        let height = 4.0 + (places.Values |> Seq.map snd |> Seq.max) + boxHeight
        let svg = StringBuilder()

        svg.Append(
            $"<svg class=\"graph\" width=\"{number width}\" height=\"{number height}\" viewBox=\"0 0 {number width} {number height}\" "
            + $"role=\"img\" aria-label=\"{escape title}\" xmlns=\"http://www.w3.org/2000/svg\">"
        )
        |> ignore

        for given in boxes do
            for input in given.Reads |> List.distinct do
                places.TryFind input |> Option.iter (fun from -> edge svg from places[given.Id])

        for given in boxes do
            let x, y = places[given.Id]
            box svg x y given

        svg.Append("</svg>").ToString()
