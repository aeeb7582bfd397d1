/// punet verify: contents of results against their hashes.
module PUNet.Cli.Commands.VerifyCommand

open System
open System.IO
open PUNet.Cli
open PUNet.Dsl.Engine

/// Keys of everything in the store that should be a result, also of what cannot be read.
let private keys (store: Store) (ids: string list) =
    let folder = Path.Combine(store.Root, "artifacts")

    let all =
        if Directory.Exists folder then
            Directory.EnumerateDirectories folder |> Seq.map (Path.GetFileName >> string) |> List.ofSeq
        else
            []

    if ids.IsEmpty then
        all
    else
        all |> List.filter (fun key -> ids |> List.exists (fun id -> key.StartsWith(id, StringComparison.OrdinalIgnoreCase)))

let private faults (store: Store) key =
    match Store.find store key with
    | Stored.Present provenance -> provenance.Label, Store.verify store provenance
    | Stored.Damaged what -> "?", [ what ]
    | Stored.Absent -> "?", []

/// Reads all results, or those of the ids, and sets damaged ones aside, so that their stages run again. 1 where one was damaged.
let run (store: Store) (ids: string list) : Result<int, Fault> =
    let keys = keys store ids
    let mutable damaged = 0

    for key in keys do
        match faults store key with
        | _, [] -> ()
        | label, found ->
            damaged <- damaged + 1
            found |> List.iter (fun what -> Console.Out.WriteLine $"{key[..7]} {label}: {what}")
            let aside = Store.setAside store key
            Console.Out.WriteLine $"{key[..7]} {label}: set aside in {aside}; its stage runs again"

    Console.Out.WriteLine $"{keys.Length} results read, {damaged} damaged"
    Ok(if damaged > 0 then ExitCode.Failed else ExitCode.Done)
