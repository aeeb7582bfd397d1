/// punet params: how many parameters a model has, and how many were or would be trained.
module PUNet.Cli.Commands.ParamsCommand

open System
open System.Globalization
open System.Text.Json
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Cli.Rendering
open PUNet.Core.Common
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Core.Models.Parameters
open PUNet.Dsl

let private number (count: int64) = count.ToString("N0", CultureInfo.InvariantCulture)

/// Names, then numbers.
let private table (header: string list) (rows: string list list) =
    TextTable.lines header (header |> List.mapi (fun column _ -> column > 0)) rows

let private className (card: ModelCard) label =
    if label = 0 then "background"
    elif label <= card.Classes.Count then card.Classes[label - 1]
    else $"{label} (free)"

/// One model, or one adapter of a composition: its name, whether something is trained, and the counts.
type private Counted = { Title: string; IsTrained: bool; Report: ParameterReport }

let private lines card (counted: Counted) =
    let report = counted.Report
    let headed names = if counted.IsTrained then names @ [ "frozen"; "trained" ] else names @ [ "parameters" ]

    let row names (count: ParameterCount) =
        if counted.IsTrained then
            names @ [ number count.Frozen; number count.Trained ]
        else
            names @ [ number count.Frozen ]

    let components = [ for count in report.ByComponent -> row [ count.Component ] count ]
    let classes = [ for count in report.ByClass -> row [ className card count.Class.Value ] count ]

    let all = report.Counts |> Seq.sumBy (fun count -> count.Frozen + count.Trained)

    [ (if counted.IsTrained then
           $"{counted.Title}: {report.Summary}"
       else
           $"{counted.Title}: {number all} parameters, {number report.Total} of them in the body")
      ""
      yield! table (headed [ "component" ]) components
      if not classes.IsEmpty then
          ""
          yield! table (headed [ "class" ]) classes ]

let private json card (counted: Counted) =
    let counts (writer: Utf8JsonWriter) (name: string) (rows: ParameterCount seq) title =
        writer.WriteStartArray name

        for count in rows do
            writer.WriteStartObject()
            title writer count
            writer.WriteNumber("frozen", count.Frozen)
            writer.WriteNumber("trained", count.Trained)
            writer.WriteEndObject()

        writer.WriteEndArray()

    JsonLine.make "parameters" (fun writer ->
        writer.WriteString("model", counted.Title)
        writer.WriteNumber("trained", counted.Report.Trained)
        writer.WriteNumber("total", counted.Report.Total)
        counts writer "components" counted.Report.ByComponent (fun writer count -> writer.WriteString("component", count.Component))

        counts writer "classes" counted.Report.ByClass (fun writer count ->
            writer.WriteNumber("label", count.Class.Value)
            writer.WriteString("class", className card count.Class.Value)))

/// Labels of classes that are named, or given as labels.
let private labels (card: ModelCard) (text: string) : Result<int list, Fault> =
    let known = List.ofSeq card.Classes

    let label (word: string) =
        match Int32.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture), List.tryFindIndex ((=) word) known with
        | _, Some i -> Ok(i + 1)
        | (true, label), None when label > 0 -> Ok label
        | _ -> Error(Usage $"the backbone has no class {word}; {NearestName.remedy word known}")

    Values.names text |> List.traverseResultM label |> Result.map (List.distinct >> List.sort)

let private ofVariant name card (variant: AdaptationVariant) text =
    result {
        let! newClasses = labels card text
        do! newClasses |> Result.requireNotEmpty (Usage "--variant needs the new classes: --classes liver,5")

        match Seq.toList (Seq.append (card.Network.AdaptationFaults variant) (card.Network.PoolFaults(List.max newClasses))) with
        | fault :: _ -> return! Error(Usage(string fault))
        | [] ->
            let report = ParameterReport.OfVariant(card, variant, ResizeArray newClasses)
            return [ { Title = name; IsTrained = true; Report = report } ]
    }

let private rank (adapter: AdapterCard) = adapter.Rank |> Option.ofNullable |> Option.defaultValue NetworkConfiguration.DefaultRank

let private ofAdapter name card folder =
    let parts = List.ofSeq (AdapterComposition.Parts folder)

    [ for part in parts do
          let adapter = AdapterCard.Read part
          let classes = adapter.NewClasses |> Seq.map (className card) |> String.concat ", "

          { Title = if parts.Length = 1 then name else $"{name}, {classes}"
            IsTrained = true
            Report = ParameterReport.OfVariant(card, adapter.Variant, ResizeArray adapter.NewClasses, rank adapter) } ]

let private count (model: ModelReference) card variant (classes: string option) =
    match model.Adapter, variant with
    | None, Some variant -> ofVariant model.Name card variant (Option.defaultValue "" classes)
    | Some _, Some _ -> Error(Usage $"--variant is for backbones; {model.Name} is adapted already")
    | Some folder, None -> Ok(ofAdapter model.Name card folder)
    | None, None when classes.IsSome -> Error(Usage "--classes goes with --variant")
    | None, None -> Ok [ { Title = model.Name; IsTrained = false; Report = ParameterReport.OfBackbone card } ]

let private tell asJson card (counted: Counted list) =
    if asJson then
        counted |> List.iter (json card >> Console.Out.WriteLine)
    else
        counted |> List.map (lines card >> String.concat "\n") |> String.concat "\n\n" |> Console.Out.WriteLine

/// punet params MODEL
let run (given: Given) : Result<int, Fault> =
    let options = given.Options

    try
        result {
            let! word, values = ScriptWords.readAs "a model" Commands.parameters given.Words

            let! variant =
                options.TryGetResult CommandOption.Variant |> Option.traverseResult (Values.case<AdaptationVariant> "--variant")

            let! model = ModelReference.resolve (ModelPlaces.ofGiven values options) word
            let card = ModelCard.Read model.Backbone
            let! counted = count model card variant (options.TryGetResult CommandOption.Classes)
            tell (options.Contains CommandOption.Json) card counted
            return ExitCode.Done
        }
    with :? CheckpointException as fault ->
        Error(Usage fault.Message)
