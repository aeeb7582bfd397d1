/// punet runs, punet show: what the store holds.
module PUNet.Cli.Commands.StoreCommands

open System
open PUNet.Cli
open PUNet.Cli.Rendering
open PUNet.Dsl
open PUNet.Dsl.Engine

/// Digits of an id that are shown; any number of leading digits is understood.
let private digits = 8

let private megabyte = 1L <<< 20

let private size (bytes: int64) = if bytes < megabyte then $"{(bytes + 1023L) / 1024L} KB" else $"{bytes / megabyte} MB"

let private total (entry: Provenance) = entry.Files |> List.sumBy _.Length |> size

/// The results of the store, the latest first.
let runs (store: Store) : int =
    match Store.entries store with
    | [] -> Console.Out.WriteLine $"the store {store.Root} is empty"
    | entries ->
        for entry in entries do
            let ended = entry.Ended.LocalDateTime.ToString "yyyy-MM-dd HH:mm"
            let took = Duration.show (entry.Ended - entry.Started)
            Console.Out.WriteLine $"{entry.Key.Substring(0, digits)}  {ended}  {took, 12}  {total entry, 8}  {entry.Label}"

    ExitCode.Done

let private show (store: Store) (entry: Provenance) =
    let out = Console.Out
    out.WriteLine $"{entry.Label} ({entry.Kind})"
    out.WriteLine $"id        {entry.Key}"
    out.WriteLine $"folder    {store.Artifact entry.Key}"

    out.WriteLine
        $"""ran       {entry.Started.LocalDateTime.ToString "yyyy-MM-dd HH:mm:ss"}, {Duration.show (entry.Ended - entry.Started)}"""

    out.WriteLine $"machine   {entry.Machine}, at most {size entry.PeakMemory} of memory"

    for version in entry.Versions do
        out.WriteLine $"{version.Key.PadRight 9} {version.Value}"

    if entry.Commit <> "" then
        out.WriteLine $"commit    {entry.Commit}"

    for input in entry.Inputs do
        out.WriteLine $"input     {input.Name}: {input.From}"

    for field in Canonical.leaves entry.Fields do
        out.WriteLine $"field     {field.Key} = {Canonical.show field.Value}"

    for file in entry.Files do
        out.WriteLine $"file      {file.Path}, {size file.Length}"

/// One result, by the first digits of its id.
let showOne (store: Store) (id: string) : Result<int, Fault> =
    match Store.entries store |> List.filter _.Key.StartsWith(id, StringComparison.OrdinalIgnoreCase) with
    | [ entry ] ->
        show store entry
        Ok ExitCode.Done
    | [] -> Error(Usage $"the store {store.Root} has no result {id}; `punet runs` lists all")
    | several -> Error(Usage $"{several.Length} results begin with {id}; give more digits")
