/// The best, median and worst subject of every class, as each model segmented it.
module internal PUNet.Cli.Commands.PanelSections

open System.Globalization
open PUNet.Cli.Rendering.HtmlReport
open PUNet.Core.Inference.Pictures

/// Classes that are open at first; more would be a long way to scroll.
let private open' = 8

let private ranks = [ SubjectRank.Best; SubjectRank.Median; SubjectRank.Worst ]
let private name (rank: SubjectRank) = (string rank).ToLowerInvariant()
let private percent (share: float) = (100.0 * share).ToString("0.0", CultureInfo.InvariantCulture)

let private panels (scored: Scored) =
    match Finished.file scored.Stage SubjectPanels.FileName, SubjectPanels.Read scored.Folder |> Option.ofObj with
    | Some _, Some drawn ->
        [ for panel in drawn.Panels do
              match Finished.file scored.Stage panel.File with
              | Some path -> panel, path
              | None -> () ]
    | _ -> []

/// A picture of each rank, where there are so many subjects.
let private cells (drawn: (SubjectPanel * string) list) =
    [ for rank in ranks ->
          drawn
          |> List.tryFind (fun (panel, _) -> panel.Rank = rank)
          |> Option.map (fun (panel, path) ->
              { Path = path; Caption = $"{panel.Subject}: Dice {percent panel.Dice} %%, slice {panel.Slice}" }) ]

/// A part of the page for every class, a row for every model. Raises IOException where a picture is damaged.
let make (scored: Scored list) =
    let drawn =
        [ for model in scored do
              for panel, path in panels model do
                  model.Model, panel, path ]

    let classes = drawn |> List.map (fun (_, panel, _) -> panel.Class) |> List.distinct

    let part (at: int) (name': string) =
        let rows =
            drawn
            |> List.filter (fun (_, panel, _) -> panel.Class = name')
            |> List.groupBy (fun (model, _, _) -> model)
            |> List.map (fun (model, own) -> model, cells (own |> List.map (fun (_, panel, path) -> panel, path)))

        Folded(name', at < open', [ Panels(List.map name ranks, rows) ])

    if drawn.IsEmpty then
        []
    else
        [ Heading "Best, median and worst subjects"
          Key
          Paragraph
              "By Dice of the class, on the slice where the reference is largest. Of two subjects there is no median, one alone is the best."
          yield! classes |> List.mapi part ]
