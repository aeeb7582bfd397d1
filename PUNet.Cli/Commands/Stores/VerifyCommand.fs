/// punet verify: contents of results against their hashes.
module PUNet.Cli.Commands.VerifyCommand

open System
open System.IO
open PUNet.Cli
open PUNet.Dsl.Engine

/// What the store holds under the keys that begin with one of the ids, or all; also what cannot be read.
let private chosen (store: Store) (ids: string list) =
    Store.contents store
    |> List.filter (fun (key, _) -> ids.IsEmpty || ids |> List.exists (fun id -> key.StartsWith(id, StringComparison.OrdinalIgnoreCase)))

let private faults (store: Store) stored =
    match stored with
    | Stored.Present provenance -> provenance.Label, StoreVerification.faults store provenance
    | Stored.Damaged what -> "?", [ what ]
    | Stored.Absent -> "?", []

let private setAside (store: Store) key =
    try
        $"set aside in {Store.setAside store key}; its stage runs again"
    with
    | :? IOException
    | :? UnauthorizedAccessException as error -> $"it cannot be set aside: {error.Message}"

/// Reads all results, or those of the ids, and sets damaged ones aside, so that their stages run again. 1 where one was damaged.
let run (store: Store) (ids: string list) : Result<int, Fault> =
    let chosen = chosen store ids
    let mutable damaged = 0

    for key, stored in chosen do
        match faults store stored with
        | _, [] -> ()
        | label, found ->
            damaged <- damaged + 1
            found |> List.iter (fun what -> Console.Out.WriteLine $"{key[..7]} {label}: {what}")
            Console.Out.WriteLine $"{key[..7]} {label}: {setAside store key}"

    Console.Out.WriteLine $"{chosen.Length} results read, {damaged} damaged"
    Ok(if damaged > 0 then ExitCode.Failed else ExitCode.Done)
