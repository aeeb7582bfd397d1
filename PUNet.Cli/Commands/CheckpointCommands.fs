/// punet import, punet export: checkpoints of the published implementation.
module PUNet.Cli.Commands.CheckpointCommands

open System
open System.IO
open Argu
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Cli.Rendering
open PUNet.Core.Common
open PUNet.Core.Data
open PUNet.Core.Data.Prepared
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Core.Models.Promptable
open PUNet.Core.Models.Published

let private listed (text: string option) : System.Collections.Generic.IReadOnlyList<string> | null =
    match text with
    | Some text -> ResizeArray(Values.names text)
    | None -> null

let private importOptions (given: ParseResults<CommandOption>) : Result<ImportOptions, Fault> =
    result {
        let! student = given.TryGetResult CommandOption.Student_Patch |> Option.traverseResult (Values.extent "--student-patch")

        let! second =
            given.TryGetResult CommandOption.Second_Student_Patch |> Option.traverseResult (Values.extent "--second-student-patch")

        let! teacher = given.TryGetResult CommandOption.Teacher_Patch |> Option.traverseResult (Values.extent "--teacher-patch")

        let! placement =
            given.TryGetResult CommandOption.Placement |> Option.traverseResult (Values.case<PromptPlacement> "--placement")

        let! window = given.TryGetResult CommandOption.Window_Hu |> Option.traverseResult (Values.range "--window-hu")

        return
            ImportOptions(
                Teacher = given.Contains CommandOption.Teacher,
                StudentPatch = Option.toNullable student,
                SecondStudentPatch = Option.toNullable second,
                TeacherPatch = Option.toNullable teacher,
                Placement = Option.toNullable placement,
                Classes = listed (given.TryGetResult CommandOption.Classes),
                BaseClasses = listed (given.TryGetResult CommandOption.Base_Classes),
                Window = Option.toNullable window
            )
    }

let private imported (folder: string) (report: ImportReport) json =
    if json then
        JsonLine.make "imported" (fun writer ->
            writer.WriteString("folder", folder)
            writer.WriteNumber("tensors", report.Tensors)
            writer.WriteNumber("left_out", report.LeftOut.Count)

            for name, values in [ "classes", report.Card.Classes; "assumptions", report.Assumptions ] do
                writer.WriteStartArray name
                values |> Seq.iter writer.WriteStringValue
                writer.WriteEndArray()

            writer.WriteStartArray "base_classes"
            report.Card.BaseClasses |> Seq.iter writer.WriteNumberValue
            writer.WriteEndArray())
        |> Console.Out.WriteLine
    else
        let trained = report.Card.BaseClasses |> Seq.map (fun label -> report.Card.Classes[label - 1]) |> String.concat ", "
        Console.Out.WriteLine $"wrote     {folder}"
        Console.Out.WriteLine $"tensors   {report.Tensors}; left out {report.LeftOut.Count} that carry nothing"
        Console.Out.WriteLine $"""classes   {String.concat ", " report.Card.Classes}"""
        Console.Out.WriteLine $"trained   {trained}"

        for assumption in report.Assumptions do
            Console.Out.WriteLine $"assumed   {assumption}"

/// What is wrong with a file is the fault of the command line that named it.
let private refusing (work: unit -> Result<int, Fault>) =
    try
        work ()
    with
    | :? CheckpointException as fault -> Error(Usage fault.Message)
    | :? UnauthorizedAccessException as fault -> Error(Usage fault.Message)

let private output (command: Command) what (given: ParseResults<CommandOption>) =
    given.TryGetResult CommandOption.Output
    |> Result.requireSome (Usage $"{command.Name} needs {what}: -o PATH")
    |> Result.map Path.GetFullPath

/// punet import FILE -o DIR
let import (given: Given) : Result<int, Fault> =
    result {
        let! file = OneWord.read Commands.import given.Words
        let! folder = output Commands.import "a folder to write" given.Options
        let! options = importOptions given.Options

        return!
            refusing (fun () ->
                let report = CheckpointImport.Run(Path.GetFullPath file, folder, options)
                imported folder report (given.Options.Contains CommandOption.Json)
                Ok ExitCode.Done)
    }

let private exported (path: string) tensors json =
    if json then
        JsonLine.make "exported" (fun writer ->
            writer.WriteString("file", path)
            writer.WriteNumber("tensors", (tensors: int)))
        |> Console.Out.WriteLine
    else
        Console.Out.WriteLine $"wrote {path}, {tensors} tensors"

/// punet export DATASET --nnunet DIR
let private exportDataset places word (folder: string) json =
    result {
        let! dataset = ArtifactReference.resolve "dataset" places word
        let subjects = NnUNetExport.Write(PreparedDataset.Open dataset.Folder, folder)

        if json then
            JsonLine.make "exported" (fun writer ->
                writer.WriteString("folder", folder)
                writer.WriteNumber("subjects", subjects))
            |> Console.Out.WriteLine
        else
            Console.Out.WriteLine $"wrote {folder}, {subjects} subjects"

        return ExitCode.Done
    }

/// punet export MODEL -o FILE
let private exportModel (given: Given) : Result<int, Fault> =
    result {
        let! word, values = ScriptWords.readAs "a model" Commands.export given.Words
        let! path = output Commands.export "a file to write" given.Options

        return!
            refusing (fun () ->
                result {
                    let! model = ModelReference.resolve (ModelPlaces.ofGiven values given.Options) word

                    if model.Adapter.IsSome then
                        let typed = $"punet export {model.Backbone} -o FILE"
                        return! Error(Usage $"{word} was tuned on a backbone; export writes backbones: {typed}")
                    else
                        exported path (CheckpointExport.Run(model.Backbone, path)) (given.Options.Contains CommandOption.Json)
                        return ExitCode.Done
                })
    }

/// punet export MODEL -o FILE, or punet export DATASET --nnunet DIR
let export (given: Given) : Result<int, Fault> =
    match given.Options.TryGetResult CommandOption.Nnunet with
    | None -> exportModel given
    | Some _ when given.Options.Contains CommandOption.Output ->
        Error(Usage "export writes a backbone with -o FILE, or a dataset with --nnunet DIR; give one of them")
    | Some folder ->
        result {
            let! word, values = ScriptWords.readAs "a dataset" Commands.export given.Words
            let places = ModelPlaces.ofGiven values given.Options

            return!
                try
                    exportDataset places word (Path.GetFullPath folder) (given.Options.Contains CommandOption.Json)
                with
                | :? DatasetException as fault -> Error(Usage fault.Message)
                | :? ConfigurationException as fault -> Error(Usage fault.Message)
        }
