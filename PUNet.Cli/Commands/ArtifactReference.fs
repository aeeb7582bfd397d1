namespace PUNet.Cli.Commands

open System
open System.IO
open Argu
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Dsl.Engine

/// What else a command line says about where models lie.
type ModelPlaces =
    {
        /// How the results of a script were made, and where they lie.
        Options: ScriptOptions
        /// NAME=VALUE pairs for a script's arguments.
        Arguments: (string * string) list
        /// --backbone: folder of the backbone of an adapter that does not know its own.
        Backbone: string option
    }

module ModelPlaces =
    /// What the options say, with the pairs for a script's arguments.
    let ofGiven values (given: ParseResults<CommandOption>) =
        { Options = ScriptOptions.ofGiven given
          Arguments = values
          Backbone = given.TryGetResult CommandOption.Backbone }

/// A result that a command line names.
type ArtifactReference =
    {
        /// The stage's label, or the folder's name.
        Name: string
        Folder: string
    }

module ArtifactReference =
    let private scriptEnding = ".fsx:"

    /// The store of a command line without a script.
    let storeOf places = Store.at (Locations.store places.Options.Store Environment.CurrentDirectory)

    /// The artifact of a stage, as a run of the script would take it from the store.
    let private ofStage places script label =
        result {
            let! declared = Declarations.read script places.Arguments
            let! options = ScriptOptions.resolve declared places.Options
            let! _, plan = PlanCommand.make declared options

            match plan |> List.tryFind (fun entry -> entry.Node.Label = label) with
            | Some { Status = PlanStatus.Cached key } -> return { Name = label; Folder = (Store.at options.StoreFolder).Artifact key }
            | Some _
            | None -> return! Error(Usage(MissingResults.ofStage declared options plan label))
        }

    let private ofId what places id =
        let store = storeOf places

        match Store.entries store |> List.filter _.Key.StartsWith(id, StringComparison.OrdinalIgnoreCase) with
        | [ entry ] -> Ok { Name = entry.Label; Folder = store.Artifact entry.Key }
        | [] -> Error(Usage $"{id} is no {what}: no folder, no SCRIPT.fsx:STAGE, and no result in the store {store.Root}")
        | several -> Error(Usage $"{several.Length} results begin with {id}; give more digits")

    /// Finds what a word names: a folder, SCRIPT.fsx:STAGE, or the leading digits of an artifact's id. `what`: what it should be.
    let resolve what (places: ModelPlaces) (word: string) : Result<ArtifactReference, Fault> =
        match word.IndexOf(scriptEnding, StringComparison.Ordinal) with
        | at when at <= 0 && not places.Arguments.IsEmpty ->
            Error(Usage $"NAME=VALUE goes with a stage of a script, SCRIPT.fsx:STAGE; given: {word} {fst places.Arguments.Head}=…")
        | _ when Directory.Exists word ->
            let folder = Path.GetFullPath word
            Ok { Name = DirectoryInfo(folder).Name; Folder = folder }
        | at when at > 0 -> ofStage places (word.Substring(0, at + scriptEnding.Length - 1)) (word.Substring(at + scriptEnding.Length))
        | _ -> ofId what places word
