/// How the trainings of an experiment went, and what they tuned.
module internal PUNet.Cli.Commands.TrainingSections

open System
open System.Globalization
open System.IO
open System.Text.Json
open PUNet.Cli.Rendering
open PUNet.Cli.Rendering.HtmlReport
open PUNet.Core.Models.Adaptation
open PUNet.Dsl.Engine

/// Trainings that are open at first.
let private open' = 4

/// Figures of another scale than losses have.
let private counts = [ "prototypes_in_use" ]

/// Epochs of a log with the means of their figures.
let private epochs (path: string) =
    [ for line in File.ReadLines path do
          use document = JsonDocument.Parse line
          let root = document.RootElement

          root.GetProperty("epoch").GetDouble(),
          [ for figure in root.GetProperty("mean").EnumerateObject() do
                if figure.Value.ValueKind = JsonValueKind.Number then
                    figure.Name, figure.Value.GetDouble() ] ]

let private curves (epochs: (float * (string * float) list) list) : SvgPlot.Line list =
    [ for name in epochs |> List.collect (snd >> List.map fst) |> List.distinct ->
          { Name = name
            Points =
              [ for epoch, figures in epochs do
                    for found, value in figures do
                        if found = name then
                            epoch, value ] } ]

let private lastFigures (epochs: (float * (string * float) list) list) =
    match List.tryLast epochs with
    | None -> []
    | Some(epoch, figures) ->
        let shown (value: float) = value.ToString("G4", CultureInfo.InvariantCulture)
        let last = figures |> List.map (fun (name, value) -> $"{name} {shown value}") |> String.concat ", "
        [ Paragraph $"Epoch {epoch} ends with: {last}." ]

let private training (stage: Finished) =
    match Finished.file stage "training.jsonl" with
    | None -> []
    | Some path ->
        let epochs = epochs path
        let counted, losses = curves epochs |> List.partition (fun curve -> List.contains curve.Name counts)

        [ stage.Node.Label,
          [ Drawing($"{stage.Node.Label}: means of each epoch", SvgPlot.lines stage.Node.Label "epoch" losses)
            Drawing($"{stage.Node.Label}: prototypes in use", SvgPlot.lines stage.Node.Label "epoch" counted)
            yield! lastFigures epochs ] ]

/// Curves of every training. Raises IOException where a log is damaged.
let curvesOf (stages: Finished list) =
    match stages |> List.collect training with
    | [] -> []
    | trainings -> [ Heading "Training"; yield! trainings |> List.mapi (fun at (label, parts) -> Folded(label, at < open', parts)) ]

/// What an adaptation warned of, from its card.
let private warnings (stage: Finished) =
    match Finished.file stage "adapter.json" |> Option.bind (Path.GetDirectoryName >> Option.ofObj) with
    | None -> []
    | Some folder -> [ for warning in (AdapterCard.Read folder).Warnings -> Warning $"Warning: {stage.Node.Label} {warning.Text}" ]

let private row (stage: Finished) path =
    let card = CanonicalJson.parse (File.ReadAllText path)

    let trained, total =
        CanonicalJson.integerField "trained_parameters" card, CanonicalJson.integerField "total_parameters" card

    let count (value: int64) = value.ToString("N0", CultureInfo.InvariantCulture)

    let share =
        if total > 0L then
            (100.0 * float trained / float total).ToString("0.00", CultureInfo.InvariantCulture) + " %"
        else
            ""

    let size =
        stage.Artifact.Files |> List.filter _.Path.EndsWith(".safetensors", StringComparison.Ordinal) |> List.sumBy _.Length

    [ stage.Node.Label; count trained; count total; share; ByteSize.show size ]

/// What each adaptation trained, from its card.
let tuned (stages: Finished list) =
    match stages |> List.choose (fun stage -> Finished.file stage "adapter.json" |> Option.map (row stage)) with
    | [] -> []
    | rows ->
        [ Heading "What was tuned"
          Rows([ "stage"; "trained parameters"; "all parameters"; "share"; "file" ] :: rows)
          yield! stages |> List.collect warnings ]
