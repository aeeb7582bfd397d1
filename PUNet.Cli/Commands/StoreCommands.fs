/// punet runs, show, pin, unpin: what the store holds.
module PUNet.Cli.Commands.StoreCommands

open System
open PUNet.Cli
open PUNet.Cli.Rendering
open PUNet.Dsl
open PUNet.Dsl.Engine

/// Digits of an id that are shown; any number of leading digits is understood.
let private digits = 8

let private total (entry: Provenance) = entry.Files |> List.sumBy _.Length |> ByteSize.show

/// The results of the store, the latest first; a pinned one is marked.
let runs (store: Store) : int =
    match Store.entries store with
    | [] -> Console.Out.WriteLine $"the store {store.Root} is empty"
    | entries ->
        let pinned = Store.pins store |> List.map fst |> Set.ofList

        for entry in entries do
            let ended = entry.Ended.LocalDateTime.ToString "yyyy-MM-dd HH:mm"
            let took = Duration.show (entry.Ended - entry.Started)
            let mark = if pinned.Contains entry.Key then "  (pinned)" else ""
            Console.Out.WriteLine $"{entry.Key.Substring(0, digits)}  {ended}  {took, 12}  {total entry, 8}  {entry.Label}{mark}"

    ExitCode.Done

let private show (store: Store) (entry: Provenance) =
    let out = Console.Out
    out.WriteLine $"{entry.Label} ({entry.Kind})"
    out.WriteLine $"id        {entry.Key}"
    out.WriteLine $"folder    {store.Artifact entry.Key}"

    out.WriteLine
        $"""ran       {entry.Started.LocalDateTime.ToString "yyyy-MM-dd HH:mm:ss"}, {Duration.show (entry.Ended - entry.Started)}"""

    out.WriteLine $"machine   {entry.Machine}, at most {ByteSize.show entry.PeakMemory} of memory"

    for version in entry.Versions do
        out.WriteLine $"{version.Key.PadRight 9} {version.Value}"

    if entry.Commit <> "" then
        out.WriteLine $"commit    {entry.Commit}"

    for key, reason in Store.pins store do
        if key = entry.Key then
            out.WriteLine($"pinned    {reason}".TrimEnd())

    for input in entry.Inputs do
        out.WriteLine $"input     {input.Name}: {input.From}"

    for field in Canonical.leaves entry.Fields do
        out.WriteLine $"field     {field.Key} = {Canonical.show field.Value}"

    for file in entry.Files do
        out.WriteLine $"file      {file.Path}, {ByteSize.show file.Length}"

/// The result whose id begins with these digits.
let find (store: Store) (id: string) : Result<Provenance, Fault> =
    match Store.entries store |> List.filter _.Key.StartsWith(id, StringComparison.OrdinalIgnoreCase) with
    | [ entry ] -> Ok entry
    | [] -> Error(Usage $"the store {store.Root} has no result {id}; `punet runs` lists all")
    | several -> Error(Usage $"{several.Length} results begin with {id}; give more digits")

/// One result, by the first digits of its id.
let showOne (store: Store) (id: string) : Result<int, Fault> =
    find store id
    |> Result.map (fun entry ->
        show store entry
        ExitCode.Done)

/// Keeps a result from `gc`, with what it was made from; the words behind the id say why.
let pin (store: Store) (id: string) (reason: string) : Result<int, Fault> =
    find store id
    |> Result.map (fun entry ->
        Store.pin store entry.Key reason
        Console.Out.WriteLine $"pinned {entry.Key.Substring(0, digits)} {entry.Label}"
        ExitCode.Done)

/// Takes the pin off.
let unpin (store: Store) (id: string) : Result<int, Fault> =
    match Store.pins store |> List.filter (fun (key, _) -> key.StartsWith(id, StringComparison.OrdinalIgnoreCase)) with
    | [ key, _ ] ->
        Store.unpin store key
        Ok ExitCode.Done
    | [] -> Error(Usage $"no pinned result begins with {id}; `punet runs` marks them")
    | several -> Error(Usage $"{several.Length} pinned results begin with {id}; give more digits")
