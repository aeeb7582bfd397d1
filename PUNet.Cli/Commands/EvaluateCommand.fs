/// punet evaluate: scores label maps, whoever made them.
module PUNet.Cli.Commands.EvaluateCommand

open System
open System.Globalization
open System.IO
open System.Text.Json
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Cli.Rendering
open PUNet.Core.Common
open PUNet.Core.Inference
open PUNet.Core.Inference.Scoring
open PUNet.Core.Metrics
open PUNet.Core.Metrics.Significance

let private number (value: float) = value.ToString("0.0", CultureInfo.InvariantCulture)

/// 1=liver,2=spleen.
let private classes (text: string) : Result<ScoredClass list, Fault> =
    let one (word: string) =
        match word.Split('=', 2, StringSplitOptions.TrimEntries) with
        | [| value; name |] when name <> "" ->
            match Int32.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture) with
            | true, value when value >= 1 && value <= 65535 -> Ok(ScoredClass(value, name))
            | _ -> Error(Usage $"--classes takes values from 1 to 65535 with names, 1=liver,2=spleen; given: {word}")
        | _ -> Error(Usage $"--classes takes values with names, 1=liver,2=spleen; given: {word}")

    Values.names text |> List.traverseResultM one

/// Values of a metric in the cases that have the class, in the metric's unit.
let private valuesOf (scores: FolderScores) (known: ScoredClass) (metric: SegmentationMetric) =
    [ for score in scores.Scores do
          if score.Class = known.Name && score.Metric = metric.Name then
              match Option.ofNullable score.Value with
              | Some value -> value * metric.Scale
              | None -> () ]

let private cell scores known (metric: SegmentationMetric) (mean: MetricFigure) =
    match Option.ofNullable mean.Mean, Option.ofNullable mean.Deviation with
    | None, _ -> if mean.Undefined > 0 then $"{mean.Undefined} empty" else "absent"
    | Some value, deviation ->
        let spread = deviation |> Option.map (fun sd -> $" ± {number sd}") |> Option.defaultValue ""
        let empty = if mean.Undefined > 0 then $" ({mean.Undefined} empty)" else ""

        let interval =
            if metric.Name <> SegmentationMetrics.Dice.Name then
                ""
            else
                match Option.ofNullable (Bootstrap.Interval(ResizeArray(valuesOf scores known metric))) with
                | Some(struct (low, high)) -> $" [{number low}, {number high}]"
                | None -> ""

        $"{number value}{spread}{interval}{empty}"

let private whereAbsent (mean: ClassScore) =
    match mean.WhereAbsent with
    | null -> ""
    | found when found.Subjects = 0 -> ""
    | found ->
        match Option.ofNullable found.MeanMl with
        | None -> $"0 of {found.Subjects}"
        | Some ml -> $"{found.Predicted} of {found.Subjects}, {number ml} ml"

let private cellOf scores known (mean: ClassScore) (metric: SegmentationMetric) =
    mean.Figures |> Seq.find (fun figure -> figure.Metric = metric.Name) |> cell scores known metric

let private table (scores: FolderScores) =
    let columns = List.ofSeq SegmentationMetrics.Columns

    let rows =
        [ for known, mean in Seq.zip scores.Classes scores.Means ->
              [ known.Name
                yield! columns |> List.map (cellOf scores known mean)
                $"{mean.Subjects} of {scores.Cases.Count}"
                whereAbsent mean ] ]

    let header = "class" :: (columns |> List.map _.Heading) @ [ "cases"; "predicted where absent" ]
    TextTable.lines header (header |> List.map ((<>) "class")) rows

/// The cases with the lowest Dice of any class.
let private worst (scores: FolderScores) =
    scores.Scores
    |> Seq.filter (fun score -> score.Metric = SegmentationMetrics.Dice.Name && score.Value.HasValue)
    |> Seq.sortBy _.Value.Value
    |> Seq.truncate 3
    |> Seq.map (fun score -> $"{score.Subject} {score.Class} {number (100.0 * score.Value.Value)}")
    |> String.concat "; "

let private notes (scores: FolderScores) =
    [ "Mean ± standard deviation over the cases whose reference has the class; of Dice also the 95 % bootstrap interval of the mean."
      "A case without the class is in no mean; what was predicted there is in the last column. An empty prediction has Dice 0, no distance."
      $"worst Dice: {worst scores}" ]

let private line (scores: FolderScores) =
    JsonLine.make "evaluated" (fun writer ->
        writer.WriteNumber("cases", scores.Cases.Count)
        writer.WriteStartArray "classes"

        for known, mean in Seq.zip scores.Classes scores.Means do
            writer.WriteStartObject()
            writer.WriteString("class", known.Name)
            writer.WriteNumber("label", known.Value)
            writer.WriteNumber("cases", mean.Subjects)

            match mean.WhereAbsent with
            | null -> ()
            | found ->
                writer.WriteNumber("absent", found.Subjects)
                writer.WriteNumber("predicted_where_absent", found.Predicted)

            for figure in mean.Figures do
                JsonLine.number writer figure.Metric (Option.ofNullable figure.Mean)

            writer.WriteEndObject()

        writer.WriteEndArray())

let private folder what (path: string) = Directory.Exists path |> Result.requireTrue (Usage $"the folder of {what} does not exist: {path}")

let private write (output: string) (scores: FolderScores) =
    Directory.CreateDirectory output |> ignore
    scores.Write output

/// punet evaluate PREDICTIONS REFERENCES
let run (given: Given) : Result<int, Fault> =
    let options = given.Options

    try
        result {
            let! predictions, references =
                match given.Words with
                | [ predictions; references ] -> Ok(predictions, references)
                | _ -> Error(Usage "evaluate takes two folders: punet evaluate PREDICTIONS REFERENCES")

            do!
                options.TryGetResult CommandOption.Output
                |> Option.exists File.Exists
                |> Result.requireFalse (Usage "-o names a folder for the scores, and it is a file")

            do! folder "predictions" predictions
            do! folder "references" references
            let! given = options.TryGetResult CommandOption.Classes |> Option.traverseResult classes

            let named: System.Collections.Generic.IReadOnlyList<ScoredClass> | null =
                match given with
                | Some list -> ResizeArray list
                | None -> null

            return!
                Watched.run (fun view token ->
                    let progress = Action<StageEvent>(Watched.reported view "evaluate")
                    let scores = FolderScores.Of(predictions, references, named, progress, token)
                    options.TryGetResult CommandOption.Output |> Option.iter (fun output -> write (Path.GetFullPath output) scores)

                    if options.Contains CommandOption.Json then
                        Console.Out.WriteLine(line scores)
                    else
                        table scores @ [ "" ] @ notes scores |> List.iter Console.Out.WriteLine

                    Ok ExitCode.Done)
        }
    with
    | :? ConfigurationException as fault -> Error(Usage fault.Message)
    | :? ImageFileException as fault -> Error(Usage fault.Message)
