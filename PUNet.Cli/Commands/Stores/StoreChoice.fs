/// The store that a command works with, looked at before anything is done.
module PUNet.Cli.Commands.StoreChoice

open System
open System.IO
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Core.Common
open PUNet.Core.Common.Files
open PUNet.Dsl.Engine

let private guarded (folder: string) (work: unit -> Result<'T, Fault>) =
    let fault (error: exn) =
        Error(Usage $"the store {folder} cannot be used: {error.Message.TrimEnd '.'}; choose another folder with --store")

    try
        work ()
    with
    | :? IOException as error -> fault error
    | :? UnauthorizedAccessException as error -> fault error

/// The folder as a store, or a fault where it holds something else. Nothing is written.
let look (folder: string) : Result<Store, Fault> =
    guarded folder (fun () ->
        match StoreMarker.look folder with
        | StoreState.Refused what -> Error(Usage what)
        | StoreState.Vacant
        | StoreState.Ready _
        | StoreState.Unmarked _ -> Ok(Store.at folder))

/// From here on this process gives what it makes the rights of the store.
let private writeAs (store: Store) = FileRights.Deny(StoreSharing.denied store.Sharing)

/// The store that a command line names, which must be there, or that of the project around the current folder.
let named (given: string option) : Result<Store, Fault> =
    let folder = Locations.store given Environment.CurrentDirectory

    if given.IsSome && not (Path.Exists folder) then
        Error(Usage $"there is no store {folder}; name the folder that holds punet-store.json (`punet run` makes it)")
    else
        look folder |> Result.tee writeAs

/// Makes the store ready for a run; `forGroup`: shared with the group of its folder from now on.
let ready (folder: string) forGroup : Result<unit, Fault> =
    guarded folder (fun () ->
        if forGroup then
            Store.share (Store.at folder)

        writeAs (Store.at folder)
        Ok())
