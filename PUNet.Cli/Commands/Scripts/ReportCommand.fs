/// punet report: the results of a script on one offline page.
module PUNet.Cli.Commands.ReportCommand

open System
open System.Globalization
open System.IO
open System.Text.Json
open PUNet.Cli
open PUNet.Cli.Rendering
open PUNet.Cli.Rendering.HtmlReport
open PUNet.Core.Common
open PUNet.Core.Common.Files
open PUNet.Core.Inference.Results
open PUNet.Core.Metrics
open PUNet.Core.Models.Adaptation
open PUNet.Dsl
open PUNet.Dsl.Engine

/// A stage with its result.
type private Finished = { Node: GraphNode; Artifact: Provenance; Store: Store }

let private finished (store: Store) (plan: PlanEntry list) =
    [ for entry in plan do
          match entry.Status with
          | PlanStatus.Cached key ->
              match Store.find store key with
              | Stored.Present artifact -> { Node = entry.Node; Artifact = artifact; Store = store }
              | _ -> ()
          | _ -> () ]

/// A file of the result, if it has one of that name. Raises IOException where it is damaged.
let private file (stage: Finished) (name: string) =
    stage.Artifact.Files
    |> List.tryFind (fun file -> file.Path = name)
    |> Option.map (fun file -> PublishedFiles.path stage.Store stage.Artifact file.Path)

let private rows (grid: ResultGrid) = Rows(List.ofSeq grid.Header :: [ for row in grid.Rows -> List.ofSeq row ])

let private bar (line: ResultLine) : SvgPlot.Bar =
    let figure = line.Figure SegmentationMetrics.Dice |> Option.ofObj

    { Group = line.Class
      Name = line.Variant
      Value = figure |> Option.bind (_.Mean >> Option.ofNullable)
      Deviation = figure |> Option.bind (_.Deviation >> Option.ofNullable) }

/// The table of an experiment: bars, rows, what its comparisons come to, and pictures.
let private results (stage: Finished) =
    let table =
        file stage ResultTable.FileName
        |> Option.bind (Path.GetDirectoryName >> Option.ofObj)
        |> Option.bind (ResultTable.Read >> Option.ofObj)

    match table with
    | None -> []
    | Some table ->
        [ Heading table.Title
          Drawing("Dice in percent", SvgPlot.percentages table.Title [ for line in table.Lines -> bar line ])
          rows table.Grid
          for note in table.Notes do
              Paragraph note
          if table.Comparisons.Count > 0 then
              rows table.ComparisonGrid
          for note in table.ComparisonNotes do
              Paragraph note
          match file stage ResultTable.PictureFile, table.PictureCaption with
          | Some picture, NonNull caption -> Picture(caption, picture)
          | _ -> () ]

/// Curves of a training, one for every figure of its log.
let private training (stage: Finished) =
    match file stage "training.jsonl" with
    | None -> []
    | Some path ->
        let epochs =
            [ for line in File.ReadLines path do
                  use document = JsonDocument.Parse line
                  let root = document.RootElement

                  root.GetProperty("epoch").GetDouble(),
                  [ for figure in root.GetProperty("mean").EnumerateObject() do
                        if figure.Value.ValueKind = JsonValueKind.Number then
                            figure.Name, figure.Value.GetDouble() ] ]

        let names = epochs |> List.collect (snd >> List.map fst) |> List.distinct

        let curves: SvgPlot.Line list =
            [ for name in names ->
                  { Name = name
                    Points =
                      [ for epoch, figures in epochs do
                            for found, value in figures do
                                if found = name then
                                    epoch, value ] } ]

        let counts, others = curves |> List.partition (fun curve -> curve.Name = "prototypes_in_use") // of another scale

        [ Drawing($"{stage.Node.Label}: means of each epoch", SvgPlot.lines stage.Node.Label "epoch" others)
          Drawing($"{stage.Node.Label}: prototypes in use", SvgPlot.lines stage.Node.Label "epoch" counts) ]

/// What an adaptation warned of, from its card.
let private warnings (stage: Finished) =
    match file stage "adapter.json" |> Option.bind (Path.GetDirectoryName >> Option.ofObj) with
    | None -> []
    | Some folder -> [ for warning in (AdapterCard.Read folder).Warnings -> Paragraph $"Warning: {stage.Node.Label} {warning.Text}" ]

/// What an adaptation trained, from its card.
let private tuned (stages: Finished list) =
    let rows =
        [ for stage in stages do
              match file stage "adapter.json" with
              | None -> ()
              | Some path ->
                  let card = CanonicalJson.parse (File.ReadAllText path)

                  let trained, total =
                      CanonicalJson.integerField "trained_parameters" card, CanonicalJson.integerField "total_parameters" card

                  let share =
                      if total > 0L then
                          (100.0 * float trained / float total).ToString("0.00", CultureInfo.InvariantCulture) + " %"
                      else
                          ""

                  let size =
                      stage.Artifact.Files |> List.filter _.Path.EndsWith(".safetensors", StringComparison.Ordinal) |> List.sumBy _.Length

                  let count (value: int64) = value.ToString("N0", CultureInfo.InvariantCulture)
                  [ stage.Node.Label; count trained; count total; share; ByteSize.show size ] ]

    if rows.IsEmpty then
        []
    else
        [ Heading "What was tuned"
          Rows([ "stage"; "trained parameters"; "all parameters"; "share"; "file" ] :: rows)
          yield! stages |> List.collect warnings ]

let private stages (plan: PlanEntry list) (done': Finished list) =
    [ Heading "Stages"
      Rows(
          [ "stage"; "state"; "id"; "ended"; "took"; "memory" ]
          :: [ for entry in plan ->
                   let word, _ = PlanCommand.describe entry.Status

                   match done' |> List.tryFind (fun stage -> stage.Node.Id = entry.Node.Id) with
                   | None -> [ entry.Node.Label; word; ""; ""; ""; "" ]
                   | Some stage ->
                       let artifact = stage.Artifact

                       [ entry.Node.Label
                         "done"
                         artifact.Key[..7]
                         artifact.Ended.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
                         Duration.show (artifact.Ended - artifact.Started)
                         ByteSize.show artifact.PeakMemory ] ]
      )
      for stage in done' do
          let settings = Canonical.leaves (StageSpec.parameters stage.Node.Spec) |> Map.toList

          Folded(
              $"{stage.Node.Label}: settings",
              [ "setting"; "value" ] :: [ for name, value in settings -> [ name; Canonical.show value ] ]
          ) ]

let private origin (done': Finished list) =
    match done' with
    | [] -> []
    | _ ->
        let latest = done' |> List.maxBy _.Artifact.Ended
        let versions = latest.Artifact.Versions |> Map.toList |> List.map (fun (name, version) -> [ name; version ])

        [ Heading "Origin"
          Rows(
              [ "what"; "value" ]
              :: [ "machine"; latest.Artifact.Machine ]
              :: [ if latest.Artifact.Commit <> "" then
                       [ "commit"; latest.Artifact.Commit ]
                   yield! versions ]
          ) ]

let private page plan (done': Finished list) (lacking: string list) =
    [ for sentence in lacking do
          Paragraph sentence
      yield! done' |> List.collect results
      let curves = done' |> List.collect training

      if not curves.IsEmpty then
          Heading "Training"
          yield! curves

      yield! tuned done'
      yield! stages plan done'
      yield! origin done' ]

/// Writes the page from what the store holds; runs nothing. Code 1 where results are missing, and no page where there are none, or where
/// other options than the given ones have more.
let run (declared: Declarations) (options: RunOptions) (output: string option) : Result<int, Fault> =
    PlanCommand.make declared options
    |> Result.bind (fun (continued, plan) ->
        let done' = finished (Store.at options.StoreFolder) plan
        let name = Path.GetFileNameWithoutExtension declared.Script |> string
        let missing = MissingResults.tell declared options plan (fun _ -> true)

        match missing with
        | Some reason when done'.IsEmpty || MissingResults.othersHaveMore declared options plan -> Error(Usage $"report: {reason}")
        | _ ->
            let waits =
                [ if not continued.Waiting.IsEmpty then
                      "parts of the script wait for values of stages that have no result yet" ]

            let lacking = Option.toList missing @ waits
            let path = output |> Option.defaultValue $"{name}.html" |> Path.GetFullPath

            try
                AtomicFile.WriteText(path, HtmlReport.render name (page plan done' lacking))
                Console.Out.WriteLine path
                lacking |> List.iter Console.Error.WriteLine
                Ok(if lacking.IsEmpty then ExitCode.Done else ExitCode.Failed)
            with :? IOException as error ->
                Error(Usage $"report: {error.Message}"))
