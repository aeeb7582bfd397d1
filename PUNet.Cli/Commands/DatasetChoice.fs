/// Which layout a folder has, and what is known of it, by what the command line says.
module PUNet.Cli.Commands.DatasetChoice

open System
open System.Collections.Generic
open System.IO
open System.Text.RegularExpressions
open Argu
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Core.Data
open PUNet.Core.Data.Checks
open PUNet.Core.Data.Layouts
open PUNet.Dsl

let private known = String.Join(", ", LayoutChoice.Names)

let private sound (layout: DatasetLayout) : Result<DatasetLayout, Fault> =
    match List.ofSeq (layout.Faults()) with
    | [] -> Ok layout
    | faults -> Error(Usage(String.Join(" ", faults)))

let private named (name: string) : Result<DatasetLayout, Fault> =
    match LayoutChoice.Named name with
    | null -> Error(Usage $"there is no layout {name}; {NearestName.remedy name LayoutChoice.Names}")
    | layout -> Ok layout

let private guess folder : Result<DatasetLayout, Fault> =
    match List.ofSeq (LayoutChoice.Guess folder) with
    | [ struct (_, layout) ] -> Ok layout
    | [] -> Error(Usage $"{folder} looks like no layout that is known ({known}); say --layout, and --image and --labels for pairs")
    | several ->
        let names = several |> List.map (fun (struct (name, _)) -> name) |> List.distinct |> String.concat " and "
        Error(Usage $"{folder} looks like {names}; say which with --layout")

/// How the folder's files are named.
let layout folder (given: ParseResults<CommandOption>) : Result<DatasetLayout, Fault> =
    let name = given.TryGetResult CommandOption.Layout
    let channel = given.TryGetResult CommandOption.Channel

    let chosen =
        match name, given.TryGetResult CommandOption.Image, given.TryGetResult CommandOption.Labels with
        | _, Some image, Some labels when name |> Option.forall (fun name -> name = "pairs" || name = "parts") ->
            if name = Some "parts" then
                sound (PartFolders(Image = image, Label = labels))
            else
                sound (PairedFolders(Image = image, Label = labels))
        | _, Some _, _
        | _, _, Some _ -> Error(Usage "--image and --labels go together, with --layout pairs or parts")
        | Some name, None, None -> named name
        | None, None, None -> guess folder

    result {
        let! layout = chosen

        match layout, channel with
        | _, None -> return layout
        | :? NnUNet, Some channel -> return! sound (NnUNet(Channel = channel))
        | _ -> return! Error(Usage "--channel goes with --layout nnunet")
    }

let private classes (text: string) : Result<IReadOnlyDictionary<int, string>, Fault> =
    let fields = text.Split(',') |> Array.map (fun field -> field.Split('=', 2))

    match fields |> Array.tryFind (fun field -> field.Length <> 2 || not (fst (Int32.TryParse field[0]))) with
    | Some field ->
        Error(Usage $"""--classes takes label values with names, for example 1=liver,2=spleen; given {String.Join("=", field)}""")
    | None ->
        match fields |> Array.countBy (fun field -> int field[0]) |> Array.tryFind (fun (_, times) -> times > 1) with
        | Some(label, _) -> Error(Usage $"--classes names the label {label} twice")
        | None -> Ok(dict [ for field in fields -> int field[0], field[1].Trim() ] :?> IReadOnlyDictionary<int, string>)

let private pattern (text: string) : Result<Regex, Fault> =
    try
        Ok(Regex(text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds 1.0))
    with :? ArgumentException as error ->
        Error(Usage $"--group-by is no regular expression: {error.Message}")

let private hounsfield (unit: string) =
    match unit.ToLowerInvariant() with
    | "hu" -> Ok true
    | "any" -> Ok false
    | _ -> Error(Usage $"--unit is hu or any; given {unit}")

/// What is known of the dataset; the command line's word goes before the layout's.
let options (folder: string) (layout: DatasetLayout) (given: ParseResults<CommandOption>) : Result<CheckOptions, Fault> =
    result {
        let! classes = given.TryGetResult CommandOption.Classes |> Option.traverseResult classes
        let! unit = given.TryGetResult CommandOption.Unit |> Option.traverseResult hounsfield
        let! patient = given.TryGetResult CommandOption.Group_By |> Option.traverseResult pattern
        let jobs = given.GetResult(CommandOption.Jobs, Environment.ProcessorCount)
        do! Result.requireTrue (Usage "--jobs takes a number from 1") (jobs >= 1)

        return!
            try
                let labels =
                    match classes with
                    | Some classes -> classes
                    | None -> layout.KnownLabels folder

                let hounsfield =
                    match unit with
                    | Some unit -> Nullable unit
                    | None -> layout.InHounsfieldUnits folder

                Ok(CheckOptions(Labels = labels, HounsfieldUnits = hounsfield, Patient = Option.toObj patient, Workers = jobs))
            with :? DatasetException as fault ->
                Error(Usage fault.Message)
    }
