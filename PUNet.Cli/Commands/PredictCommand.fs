/// punet predict: segments scans with a model.
module PUNet.Cli.Commands.PredictCommand

open System
open System.Globalization
open System.IO
open Argu
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Cli.Rendering
open PUNet.Core.Common
open PUNet.Core.Inference.Prediction
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation

/// The words of a model, which NAME=VALUE may follow, and the words of scans behind them.
let private wordsOf (words: string list) =
    let isPair (word: string) = word.IndexOf '=' > 0 && not (File.Exists word || Directory.Exists word)

    match words with
    | [] -> [], []
    | model :: rest ->
        let values = rest |> List.takeWhile isPair
        model :: values, List.skip values.Length rest

let private share option (text: string) : Result<float, Fault> =
    match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
    | true, number when number >= 0.0 && number <= 0.95 -> Ok number
    | _ -> Error(Usage $"{option} takes a share from 0 to 0.95, for example 0.5; given: {text}")

let private optionsOf (given: ParseResults<CommandOption>) : Result<PredictionOptions, Fault> =
    let names (text: string option) = text |> Option.map Values.names |> Option.defaultValue [] |> ResizeArray

    result {
        let! overlap = given.TryGetResult CommandOption.Overlap |> Option.traverseResult (share "--overlap")

        return
            PredictionOptions(
                Classes = names (given.TryGetResult CommandOption.Classes),
                LargestComponent = names (given.TryGetResult CommandOption.Largest_Component),
                Overlap = Option.defaultValue 0.5 overlap,
                Split = given.Contains CommandOption.Split,
                Probabilities = given.Contains CommandOption.Probabilities,
                Preview = given.Contains CommandOption.Preview
            )
    }

let private lineOf (scan: PredictedScan) =
    JsonLine.make "predicted" (fun writer ->
        writer.WriteString("scan", scan.Scan)
        writer.WriteString("label_map", scan.LabelMap)
        writer.WriteStartArray "classes"

        for volume in scan.Volumes do
            writer.WriteStartObject()
            writer.WriteString("class", volume.Class.Name)
            writer.WriteNumber("label", volume.Class.Value)
            writer.WriteNumber("voxels", volume.Voxels)
            writer.WriteNumber("volume_ml", volume.Millilitres)
            JsonLine.number writer "mean_intensity" (Option.ofNullable volume.MeanIntensity)
            writer.WriteEndObject()

        writer.WriteEndArray())

let private textOf (scan: PredictedScan) =
    let volumes =
        [ for volume in scan.Volumes ->
              let millilitres = volume.Millilitres.ToString("0.#", CultureInfo.InvariantCulture)
              $"{volume.Class.Name} {millilitres} ml" ]

    $"""{scan.LabelMap}  {String.concat ", " volumes}"""

/// A result may not take the place of what it is made from.
let private apart (folder: string) (scans: (struct (string * string)) seq) =
    scans
    |> Seq.tryFind (fun (struct (name, path)) ->
        Path.Combine(folder, name + ".nii.gz") = path || Path.Combine(folder, name + ".nii") = path)
    |> function
        | Some(struct (_, path)) -> Error(Usage $"the results would lie over the scan {path}; name another folder with -o")
        | None -> Ok()

/// Segments scan by scan; one that cannot be read does not keep the others from it. What was segmented, and what is wrong with the others.
let private segment (predictor: Predictor) (scans: (struct (string * string)) seq) folder tell (view: EventView) token =
    let isDone, failed = ResizeArray<PredictedScan>(), ResizeArray<string>()

    for struct (name, path) in scans do
        try
            let scan = predictor.Predict(name, path, folder, Action<StageEvent>(Watched.reported view name), token)
            isDone.Add scan
            tell scan
        with :? ImageFileException as fault ->
            failed.Add fault.Message
            view.Say fault.Message

    isDone, failed

let private outcome (isDone: ResizeArray<PredictedScan>) (failed: ResizeArray<string>) (view: EventView) =
    if failed.Count = 0 then
        ExitCode.Done
    else
        view.Say $"{isDone.Count} of {isDone.Count + failed.Count} scans were segmented; not:"
        failed |> Seq.iter (fun message -> view.Say $"  {message}")
        ExitCode.Failed

/// punet predict MODEL IMAGE … -o DIR
let run (given: Given) : Result<int, Fault> =
    let options = given.Options
    let json = options.Contains CommandOption.Json
    let modelWords, imageWords = wordsOf given.Words

    try
        result {
            let! word, values = ScriptWords.readAs "a model and scans" Commands.predict modelWords
            do! imageWords |> Result.requireNotEmpty (Usage "predict needs scans: NIfTI files, or folders of them, behind the model")

            let! folder =
                options.TryGetResult CommandOption.Output
                |> Result.requireSome (Usage "predict needs a folder for its results: -o DIR")
                |> Result.map Path.GetFullPath

            do! File.Exists folder |> Result.requireFalse (Usage $"-o names a folder for the results; {folder} is a file")
            let! prediction = optionsOf options
            let! device = Device.choose (options.TryGetResult CommandOption.Device)
            let! model = ModelReference.resolve (ModelPlaces.ofGiven values options) word
            let scans = ScanNames.Find imageWords
            do! apart folder scans
            let adapters = Option.toList model.Adapter @ options.GetResults CommandOption.Adapter
            use predictor = new Predictor(model.Backbone, ResizeArray adapters, prediction, NetworkPlace.op_Implicit device)
            Directory.CreateDirectory folder |> ignore
            PredictionTables.WriteLabels(folder, predictor.Classes)
            let tell = (if json then lineOf else textOf) >> Console.Out.WriteLine

            return!
                Watched.run (fun view token ->
                    let isDone, failed = segment predictor scans folder tell view token
                    PredictionTables.WriteVolumes(folder, isDone)
                    Ok(outcome isDone failed view))
        }
    with
    | :? CheckpointException as fault -> Error(Usage fault.Message)
    | :? ConfigurationException as fault -> Error(Usage fault.Message)
