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

module ModelReference =
    let private holds folder (name: string) = File.Exists(Path.Combine(folder, name))
    let private backboneFile = "backbone.safetensors"
    let private compositionFile = "composition.json"

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

    let private backboneOf (places: ModelPlaces) folder =
        match places.Backbone with
        | Some given when holds given backboneFile -> Ok(Path.GetFullPath given)
        | Some given -> Error(Usage $"--backbone names no backbone: {given} has no {backboneFile}")
        | None ->
            recordedBackbone folder
            |> Option.orElseWith (fun () -> backboneOfHash (ArtifactReference.storeOf places) (backboneHash folder))
            |> Option.map Ok
            |> Option.defaultValue (
                Error(Usage $"the backbone that {folder} was tuned on is not in the store; name its folder with --backbone DIR")
            )

    /// The model of a folder that holds one.
    let private ofFolder (places: ModelPlaces) name folder =
        if holds folder backboneFile then
            Ok { Name = name; Backbone = folder; Adapter = None }
        elif holds folder AdapterCard.WeightsFile || holds folder compositionFile then
            backboneOf places folder |> Result.map (fun backbone -> { Name = name; Backbone = backbone; Adapter = Some folder })
        else
            Error(Usage $"{folder} holds no model: neither {backboneFile} nor {AdapterCard.WeightsFile} nor {compositionFile}")

    /// Finds the model that a word names: a folder, SCRIPT.fsx:STAGE, or the leading digits of an artifact's id.
    /// Raises CheckpointException where an adapter's card cannot be read.
    let resolve (places: ModelPlaces) (word: string) : Result<ModelReference, Fault> =
        ArtifactReference.resolve "model" places word
        |> Result.bind (fun artifact -> ofFolder places artifact.Name artifact.Folder)
        |> Result.bind intact
