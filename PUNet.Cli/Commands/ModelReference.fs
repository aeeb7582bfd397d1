namespace PUNet.Cli.Commands

open System
open System.IO
open System.Text.Json
open Argu
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Dsl
open PUNet.Dsl.Engine

/// A model that a command line names: an artifact by its id, a stage of a script, or a folder.
type ModelReference =
    {
        /// What was tuned, or the backbone itself: the stage's label, or the folder's name.
        Name: string
        /// Folder of the backbone.
        Backbone: string
        /// Folder of what was tuned on it, one adapter or a composition; none for a bare backbone.
        Adapter: string option
    }

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

module ModelReference =
    let private holds folder (name: string) = File.Exists(Path.Combine(folder, name))
    let private backboneFile = "backbone.safetensors"
    let private compositionFile = "composition.json"
    let private scriptEnding = ".fsx:"

    let private storeOf places = Store.at (Locations.store places.Options.Store Environment.CurrentDirectory)

    let private provenance folder =
        if not (holds folder Provenance.fileName) then
            None
        else
            try
                Some(Provenance.read folder)
            with :? JsonException ->
                None

    /// The artifact that an adapter's provenance names as its backbone, where it still lies in the same store; of a composition, that of
    /// its first adapter. None where that cannot be told: its weights still tell the backbone.
    let rec private recordedBackbone (folder: string) =
        let input name =
            provenance folder
            |> Option.bind (fun result -> result.Inputs |> List.tryFind (fun input -> input.Name = name))
            |> Option.map (fun input -> Path.Combine(folder, "..", input.Artifact) |> Path.GetFullPath)

        input "backbone"
        |> Option.filter (fun backbone -> holds backbone backboneFile)
        |> Option.orElseWith (fun () -> input "adapter.0" |> Option.bind recordedBackbone)

    /// What is damaged in a folder that a stage published.
    let private damage (folder: string) =
        match provenance folder with
        | Some result -> PublishedFiles.damageIn folder result ContentHash.isContent |> Option.map (PublishedFiles.complaint result)
        | None when holds folder Provenance.fileName ->
            Some $"{folder} is damaged: its {Provenance.fileName} is not what was written; run its script again, which makes it anew"
        | None -> None

    /// The model, unless a file of it is not what its stage published.
    let private intact (model: ModelReference) =
        model.Backbone :: Option.toList model.Adapter
        |> List.tryPick damage
        |> function
            | Some complaint -> Error(Usage complaint)
            | None -> Ok model

    /// The artifact of a store whose weights have this hash.
    let private backboneOfHash (store: Store) hash =
        Store.entries store
        |> List.tryFind (fun entry -> entry.Files |> List.exists (fun file -> file.Path = backboneFile && file.Hash = hash))
        |> Option.map (fun entry -> store.Artifact entry.Key)

    let private backboneHash folder =
        let first = Seq.head (AdapterComposition.Parts folder)
        (AdapterCard.Read first).Backbone

    let private backboneOf places folder =
        match places.Backbone with
        | Some given when holds given backboneFile -> Ok(Path.GetFullPath given)
        | Some given -> Error(Usage $"--backbone names no backbone: {given} has no {backboneFile}")
        | None ->
            recordedBackbone folder
            |> Option.orElseWith (fun () -> backboneOfHash (storeOf places) (backboneHash folder))
            |> Option.map Ok
            |> Option.defaultValue (
                Error(Usage $"the backbone that {folder} was tuned on is not in the store; name its folder with --backbone DIR")
            )

    /// The model of a folder that holds one.
    let private ofFolder places name folder =
        if holds folder backboneFile then
            Ok { Name = name; Backbone = folder; Adapter = None }
        elif holds folder AdapterCard.WeightsFile || holds folder compositionFile then
            backboneOf places folder |> Result.map (fun backbone -> { Name = name; Backbone = backbone; Adapter = Some folder })
        else
            Error(Usage $"{folder} holds no model: neither {backboneFile} nor {AdapterCard.WeightsFile} nor {compositionFile}")

    /// The artifact of a stage, as a run of the script would take it from the store.
    let private ofStage places script label =
        result {
            let! declared = Declarations.read script places.Arguments
            let! options = ScriptOptions.resolve declared places.Options
            let! _, plan = PlanCommand.make declared options

            match plan |> List.tryFind (fun entry -> entry.Node.Label = label) with
            | Some { Status = PlanStatus.Cached key } -> return! ofFolder places label ((Store.at options.StoreFolder).Artifact key)
            | Some _
            | None -> return! Error(Usage(MissingResults.ofStage declared options plan label))
        }

    let private ofId places id =
        let store = storeOf places

        match Store.entries store |> List.filter _.Key.StartsWith(id, StringComparison.OrdinalIgnoreCase) with
        | [ entry ] -> ofFolder places entry.Label (store.Artifact entry.Key)
        | [] -> Error(Usage $"{id} is no model: no folder, no SCRIPT.fsx:STAGE, and no result in the store {store.Root}")
        | several -> Error(Usage $"{several.Length} results begin with {id}; give more digits")

    /// Finds the model that a word names: a folder, SCRIPT.fsx:STAGE, or the leading digits of an artifact's id.
    /// Raises CheckpointException where an adapter's card cannot be read.
    let resolve (places: ModelPlaces) (word: string) : Result<ModelReference, Fault> =
        match word.IndexOf(scriptEnding, StringComparison.Ordinal) with
        | at when at <= 0 && not places.Arguments.IsEmpty ->
            Error(Usage $"NAME=VALUE goes with a stage of a script, SCRIPT.fsx:STAGE; given: {word} {fst places.Arguments.Head}=…")
        | _ when Directory.Exists word ->
            let folder = Path.GetFullPath word
            ofFolder places (DirectoryInfo(folder).Name) folder
        | at when at > 0 -> ofStage places (word.Substring(0, at + scriptEnding.Length - 1)) (word.Substring(at + scriptEnding.Length))
        | _ -> ofId places word
        |> Result.bind intact
