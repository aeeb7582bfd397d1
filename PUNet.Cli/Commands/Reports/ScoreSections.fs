/// What the models of an experiment come to: its tables, and every class and subject, worst first.
module internal PUNet.Cli.Commands.ScoreSections

open System
open System.Globalization
open System.IO
open PUNet.Cli.Rendering
open PUNet.Cli.Rendering.HtmlReport
open PUNet.Core.Inference
open PUNet.Core.Inference.Results
open PUNet.Core.Metrics

/// Rows that are shown before a reader opens the rest, and most that a page holds.
let private shown, private most = 20, 2000

let private figure (value: float) = value.ToString("0.0", CultureInfo.InvariantCulture)

let private rows (grid: ResultGrid) = Rows(List.ofSeq grid.Header :: [ for row in grid.Rows -> List.ofSeq row ])

/// A long table: its first rows, and the others to be opened.
let private long (header: string list) (rows: string list list) =
    [ Rows(header :: List.truncate shown rows)
      if rows.Length > shown then
          let rest = rows |> List.skip shown |> List.truncate (most - shown)
          Folded($"{rest.Length} more", false, [ Rows(header :: rest) ])
      if rows.Length > most then
          Paragraph $"Left out: the {rows.Length - most} best; scores.csv of each evaluation has all." ]

let private bar (line: ResultLine) : SvgPlot.Bar =
    let figure = line.Figure SegmentationMetrics.Dice |> Option.ofObj

    { Group = line.Class
      Name = line.Variant
      Value = figure |> Option.bind (_.Mean >> Option.ofNullable)
      Deviation = figure |> Option.bind (_.Deviation >> Option.ofNullable) }

let private point (line: ResultLine) : SvgScatter.Point option =
    match line.Figure SegmentationMetrics.Dice |> Option.ofObj |> Option.bind (_.Mean >> Option.ofNullable), line.TrainedParameters with
    | Some dice, trained when trained.HasValue -> Some { Series = line.Variant; Name = line.Class; At = float trained.Value; Value = dice }
    | _ -> None

/// The table of an experiment: bars, Dice against tuned parameters, rows, what its comparisons come to, and its picture.
let table (stage: Finished) =
    let table =
        Finished.file stage ResultTable.FileName
        |> Option.bind (Path.GetDirectoryName >> Option.ofObj)
        |> Option.bind (ResultTable.Read >> Option.ofObj)

    match table with
    | None -> []
    | Some table ->
        [ Heading table.Title
          Drawing("Dice in percent, mean ± standard deviation", SvgPlot.percentages table.Title [ for line in table.Lines -> bar line ])
          rows table.Grid
          for note in table.Notes do
              Paragraph note
          Drawing(
              "Dice in percent against tuned parameters: classes small, their mean large",
              SvgScatter.percentages
                  "Dice against tuned parameters"
                  "tuned parameters"
                  [ for line in table.Lines -> line.Variant ]
                  (table.Lines |> Seq.choose point |> List.ofSeq)
          )
          if table.Comparisons.Count > 0 then
              rows table.ComparisonGrid
          for note in table.ComparisonNotes do
              Paragraph note
          match Finished.file stage ResultTable.PictureFile, table.PictureCaption with
          | Some picture, NonNull caption -> Folded("The models on one subject of each class", false, [ Picture(caption, picture) ])
          | _ -> () ]

let private metrics = List.ofSeq SegmentationMetrics.All
let private heading (metric: SegmentationMetric) = metric.Heading

let private ofClass (score: ClassScore) (metric: SegmentationMetric) =
    match score.Figures |> Seq.tryFind (fun found -> found.Metric = metric.Name) with
    | Some found when found.Mean.HasValue && found.Deviation.HasValue -> $"{figure found.Mean.Value} ± {figure found.Deviation.Value}"
    | Some found when found.Mean.HasValue -> figure found.Mean.Value
    | _ -> ""

/// Every class of every model, the lowest Dice first.
let classes (scored: Scored list) =
    let header = [ "class"; "model"; yield! List.map heading metrics; "subjects" ]

    let lines =
        [ for model in scored do
              for score in model.Summary.Classes do
                  if score.Subjects > 0 then
                      let values = metrics |> List.map (ofClass score)
                      Option.ofNullable score.MeanDice, [ score.Name; model.Model; yield! values; $"{score.Subjects}" ] ]

    match lines with
    | [] -> []
    | lines -> [ Heading "Classes, worst first"; yield! lines |> List.sortBy fst |> List.map snd |> long header ]

/// A class of a subject as a model predicted it.
type private Case = { Subject: string; Class: string; Model: string; Values: Map<string, float> }

/// A record that is no metric tells of a subject that lacks the class.
let private isMetric (score: SubjectScore) = metrics |> List.exists (fun metric -> metric.Name = score.Metric)

let private cases (scored: Scored list) =
    [ for model in scored do
          for (subject, name), scores in SubjectScore.Read model.Folder |> Seq.groupBy (fun score -> score.Subject, score.Class) do
              let values =
                  Map.ofSeq
                      [ for score in scores do
                            if score.Value.HasValue && isMetric score then
                                score.Metric, score.Value.Value ]

              if not values.IsEmpty then
                  { Subject = subject; Class = name; Model = model.Model; Values = values } ]

let private dice (case: Case) = case.Values.TryFind SegmentationMetrics.Dice.Name |> Option.defaultValue 0.0

let private caseRow (case: Case) =
    let value (metric: SegmentationMetric) =
        case.Values.TryFind metric.Name
        |> Option.map (fun value -> figure (value * metric.Scale))
        |> Option.defaultValue "empty"

    [ case.Subject; case.Class; case.Model; yield! List.map value metrics ]

let private subjectRow (subject: string, cases: Case list) =
    let worst = cases |> List.minBy dice
    let percent share = figure (100.0 * share)

    cases |> List.averageBy dice,
    [ subject; percent (cases |> List.averageBy dice); worst.Class; worst.Model; percent (dice worst); $"{cases.Length}" ]

/// Every subject, and every class in every subject, the lowest Dice first. Raises IOException where scores are damaged.
let subjects (scored: Scored list) =
    match cases scored with
    | [] -> []
    | cases ->
        let ranked = cases |> List.groupBy _.Subject |> List.map subjectRow |> List.sortBy fst |> List.map snd

        [ Heading "Subjects, worst first"
          yield! long [ "subject"; "mean Dice (%)"; "worst class"; "of"; "its Dice (%)"; "scores" ] ranked
          Subheading "Each class in each subject"
          yield! long [ "subject"; "class"; "model"; yield! List.map heading metrics ] (cases |> List.sortBy dice |> List.map caseRow)
          Paragraph "empty: the prediction has no voxel of the class, so there is no distance to the reference." ]
