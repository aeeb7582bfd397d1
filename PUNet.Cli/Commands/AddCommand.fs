/// punet add: teaches a backbone an organ from annotated scans.
module PUNet.Cli.Commands.AddCommand

open System
open System.Globalization
open System.IO
open System.Text.Json
open Argu
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Cli.Rendering
open PUNet.Core.Common
open PUNet.Core.Data
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Core.Addition

let private needed (given: ParseResults<CommandOption>) option what =
    given.TryGetResult(option: Quotations.Expr<string -> CommandOption>) |> Result.requireSome (Usage $"add needs {what}")

let private requestOf (given: ParseResults<CommandOption>) : Result<OrganRequest, Fault> =
    result {
        let! organ = needed given <@ CommandOption.Organ @> "the organ's name: --organ NAME"
        let! images = needed given <@ CommandOption.Images @> "the folder of annotated scans: --images DIR"
        let! labels = needed given <@ CommandOption.Labels @> "the folder of their label maps: --labels DIR"
        let label = given.TryGetResult CommandOption.Label

        do!
            label
            |> Option.forall (fun value -> value >= 1 && value <= 65535)
            |> Result.requireTrue (Usage "--label is from 1 to 65535")

        let seed = given.TryGetResult CommandOption.Seed |> Option.defaultValue 1L
        return OrganRequest(organ.Trim(), images, labels, Option.toNullable label, seed)
    }

/// The adapter's file, which must be new: by default named after the organ.
let private fileOf (given: ParseResults<CommandOption>) (organ: string) =
    let safe = String.map (fun c -> if Char.IsLetterOrDigit c then c else '_') organ
    let path = given.TryGetResult CommandOption.Output |> Option.defaultValue $"{safe}.safetensors" |> Path.GetFullPath

    if not (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)) then
        Error(Usage $"an adapter's file ends in .safetensors; given: {path}")
    elif File.Exists path || Directory.Exists path then
        Error(Usage $"{path} is there already; name another file with -o")
    elif not (Directory.Exists(Path.GetDirectoryName path)) then
        Error(Usage $"the folder of {path} does not exist")
    else
        Ok path

let private percent (value: float) = value.ToString("0.0", CultureInfo.InvariantCulture)

let private heldOut (added: AddedOrgan) = [ for struct (scan, dice) in added.HeldOut -> scan, Option.ofNullable dice ]

let private mean (added: AddedOrgan) =
    match heldOut added |> List.choose snd with
    | [] -> None
    | figures -> Some(List.average figures)

let private textOf (path: string) (added: AddedOrgan) =
    let share = 100.0 * float added.Card.TrainedParameters / float added.Card.TotalParameters
    let size = FileInfo(path).Length

    [ for scan, dice in heldOut added do
          let figure = dice |> Option.map (fun value -> percent value + " %") |> Option.defaultValue "the scan lacks the organ"
          $"held out {scan}: Dice {figure}"
      match mean added with
      | Some dice -> $"Dice on {added.HeldOut.Count} held-out scans of {added.HeldOut.Count + added.Learned.Count}: {percent dice} %%"
      | None -> "nothing was held out, so nobody knows how good it is; annotate a second scan"
      for warning in added.Card.Warnings do
          $"warning: {warning.Text}"
      let trained = added.Card.TrainedParameters.ToString("N0", CultureInfo.InvariantCulture)
      $"wrote {path}: {ByteSize.show size}, {trained} parameters, {percent share} %% of the model" ]

let private lineOf (path: string) (added: AddedOrgan) =
    JsonLine.make "added" (fun writer ->
        writer.WriteString("file", path)
        writer.WriteNumber("trained", added.Card.TrainedParameters)
        writer.WriteNumber("total", added.Card.TotalParameters)
        writer.WriteStartArray "learned"
        added.Learned |> Seq.iter writer.WriteStringValue
        writer.WriteEndArray()
        writer.WriteStartArray "held_out"

        for scan, dice in heldOut added do
            writer.WriteStartObject()
            writer.WriteString("scan", scan)
            JsonLine.number writer "dice" dice
            writer.WriteEndObject()

        writer.WriteEndArray())

/// Works in a folder of its own, which is gone afterwards.
let private working (work: string -> 'T) : 'T =
    let folder = Directory.CreateTempSubdirectory("punet-add-").FullName

    try
        work folder
    finally
        Directory.Delete(folder, true)

/// punet add MODEL --organ NAME --images DIR --labels DIR
let run (given: Given) : Result<int, Fault> =
    let options = given.Options

    try
        result {
            let! word, values = ScriptWords.readAs "a backbone" Commands.add given.Words
            let! request = requestOf options
            let! path = fileOf options request.Name
            let! device = Device.choose (options.TryGetResult CommandOption.Device)
            let! model = ModelReference.resolve (ModelPlaces.ofGiven values options) word

            do!
                model.Adapter.IsNone
                |> Result.requireTrue (Usage $"{word} was tuned on a backbone; organs are added to the backbone itself: {model.Backbone}")

            let place = NetworkPlace.op_Implicit device

            return!
                Watched.run (fun view token ->
                    let tell = Action<string, StageEvent>(Watched.reported view)
                    let added = working (fun work -> OrganAddition.Run(request, model.Backbone, place, work, path, tell, token))

                    if options.Contains CommandOption.Json then
                        Console.Out.WriteLine(lineOf path added)
                    else
                        textOf path added |> List.iter Console.Out.WriteLine

                    Ok ExitCode.Done)
        }
    with
    | :? CheckpointException as fault -> Error(Usage fault.Message)
    | :? ConfigurationException as fault -> Error(Usage fault.Message)
    | :? ImageFileException as fault -> Error(Usage fault.Message)
    | :? DatasetException as fault -> Error(Usage fault.Message)
