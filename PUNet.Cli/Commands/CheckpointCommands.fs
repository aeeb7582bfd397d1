/// punet import, punet export: checkpoints of the published implementation.
module PUNet.Cli.Commands.CheckpointCommands

open System
open System.IO
open Argu
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Cli.Rendering
open PUNet.Core.Common
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Core.Models.Promptable
open PUNet.Core.Models.Published

let private (>>=) result next = Result.bind next result

/// The value of an option that may be missing.
let private optional (read: string -> Result<'Value, Fault>) (text: string option) =
    match text with
    | None -> Ok None
    | Some text -> read text |> Result.map Some

let private listed (text: string option) : System.Collections.Generic.IReadOnlyList<string> | null =
    match text with
    | Some text -> ResizeArray(Values.names text)
    | None -> null

let private importOptions (arguments: ParseResults<ImportArguments>) : Result<ImportOptions, Fault> =
    let extent option text = optional (Values.extent option) text

    extent "--student-patch" (arguments.TryGetResult ImportArguments.Student_Patch)
    >>= fun student ->
        extent "--second-student-patch" (arguments.TryGetResult ImportArguments.Second_Student_Patch)
        >>= fun second ->
            extent "--teacher-patch" (arguments.TryGetResult ImportArguments.Teacher_Patch)
            >>= fun teacher ->
                optional (Values.case<PromptPlacement> "--placement") (arguments.TryGetResult ImportArguments.Placement)
                >>= fun placement ->
                    optional (Values.range "--window-hu") (arguments.TryGetResult ImportArguments.Window_Hu)
                    |> Result.map (fun window ->
                        ImportOptions(
                            Teacher = arguments.Contains ImportArguments.Teacher,
                            StudentPatch = Option.toNullable student,
                            SecondStudentPatch = Option.toNullable second,
                            TeacherPatch = Option.toNullable teacher,
                            Placement = Option.toNullable placement,
                            Classes = listed (arguments.TryGetResult ImportArguments.Classes),
                            BaseClasses = listed (arguments.TryGetResult ImportArguments.Base_Classes),
                            Window = Option.toNullable window
                        ))

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

let private output command what (given: string option) =
    match given with
    | Some path -> Ok(Path.GetFullPath path)
    | None -> Error(Usage $"{command} needs {what}: -o PATH")

/// punet import FILE -o DIR
let import (arguments: ParseResults<ImportArguments>) : Result<int, Fault> =
    OneWord.read "import" "FILE -o DIR" (arguments.GetResult(ImportArguments.File, []))
    >>= fun file ->
        output "import" "a folder to write" (arguments.TryGetResult ImportArguments.Output)
        >>= fun folder ->
            importOptions arguments
            >>= fun options ->
                refusing (fun () ->
                    let report = CheckpointImport.Run(Path.GetFullPath file, folder, options)
                    imported folder report (arguments.Contains ImportArguments.Json)
                    Ok ExitCode.Done)

let private exported (path: string) tensors json =
    if json then
        JsonLine.make "exported" (fun writer ->
            writer.WriteString("file", path)
            writer.WriteNumber("tensors", (tensors: int)))
        |> Console.Out.WriteLine
    else
        Console.Out.WriteLine $"wrote {path}, {tensors} tensors"

/// punet export MODEL -o FILE
let export (arguments: ParseResults<ExportArguments>) : Result<int, Fault> =
    let places given =
        { Options =
            ScriptOptions.ofPlaces
                (arguments.TryGetResult ExportArguments.Store)
                (arguments.TryGetResult ExportArguments.Data)
                (arguments.TryGetResult ExportArguments.Device)
                (arguments.TryGetResult ExportArguments.Determinism)
          Arguments = given
          Backbone = None }

    let write word path (model: ModelReference) =
        if model.Adapter.IsSome then
            Error(Usage $"{word} was tuned on a backbone; export writes backbones: punet export {model.Backbone} -o FILE")
        else
            let tensors = CheckpointExport.Run(model.Backbone, path)
            exported path tensors (arguments.Contains ExportArguments.Json)
            Ok ExitCode.Done

    ScriptWords.readAs "export" "a model" "MODEL [NAME=VALUE …] -o FILE" (arguments.GetResult(ExportArguments.Model, []))
    >>= fun (word, given) ->
        output "export" "a file to write" (arguments.TryGetResult ExportArguments.Output)
        >>= fun path -> refusing (fun () -> ModelReference.resolve (places given) word >>= write word path)
