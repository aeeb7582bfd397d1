/// punet data check: what is wrong with a dataset, and what is in it.
module PUNet.Cli.Commands.DataCommand

open System
open System.IO
open Argu
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Cli.Rendering
open PUNet.Core.Common
open PUNet.Core.Data
open PUNet.Core.Data.Checks

let private show json (folder: string) (names: _) (report: DatasetReport) =
    let figures = DatasetSummary.Of(report.Subjects, names)

    if json then
        for finding in report.Findings do
            Console.Out.WriteLine(DatasetLines.finding finding)

        for subject in report.Subjects do
            Console.Out.WriteLine(DatasetLines.subject subject)

        Console.Out.WriteLine(DatasetLines.summary report figures)
    else
        for finding in report.Findings do
            Console.Out.WriteLine(DatasetTables.finding folder finding)

        if report.Findings.Count > 0 then
            Console.Out.WriteLine()

        Console.Out.WriteLine(DatasetTables.summary figures)
        Console.Error.WriteLine(DatasetTables.counts report)

    if report.IsSound then ExitCode.Done else ExitCode.Failed

/// Checks a folder and shows what was found; code 1 where there are errors.
let private check (folder: string) (given: ParseResults<CommandOption>) : Result<int, Fault> =
    let folder = Path.GetFullPath folder
    let json = given.Contains CommandOption.Json

    result {
        do! Directory.Exists folder |> Result.requireTrue (Usage $"the folder {folder} does not exist")
        let! layout = DatasetChoice.layout folder given
        let! options = DatasetChoice.options folder layout given

        return!
            Watched.run (fun view token ->
                try
                    DatasetCheck.Run(folder, layout, options, Watched.reported view "check", token)
                    |> show json folder options.Labels
                    |> Ok
                with :? DatasetException as fault ->
                    Error(Usage fault.Message))
    }

/// The words behind `data`.
let run (given: Given) : Result<int, Fault> =
    match given.Words with
    | [ "check"; folder ] -> check folder given.Options
    | _ -> Error(Usage "data needs check and a folder: punet data check DIR")
