/// punet runs, show, pin, unpin, forget: what the store holds, and what of it stays.
module PUNet.Cli.Commands.StoreCommands

open System
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.Rendering
open PUNet.Dsl
open PUNet.Dsl.Engine

/// Digits of an id that are shown; any number of leading digits is understood.
let private digits = 8

let private total (entry: Provenance) = entry.Files |> List.sumBy _.Length |> ByteSize.show

/// The results of the store, the latest first; a pinned one is marked, and damaged ones follow.
let runs (store: Store) : int =
    let contents = Store.contents store

    if contents.IsEmpty then
        Console.Out.WriteLine $"the store {store.Root} is empty"
    else
        let pinned = StorePins.all store |> List.map fst |> Set.ofList

        for entry in Store.intact contents do
            let ended = entry.Ended.LocalDateTime.ToString "yyyy-MM-dd HH:mm"
            let took = Duration.show (entry.Ended - entry.Started)
            let mark = if pinned.Contains entry.Key then "  (pinned)" else ""
            Console.Out.WriteLine $"{entry.Key.Substring(0, digits)}  {ended}  {took, 12}  {total entry, 8}  {entry.Label}{mark}"

        for key, stored in contents do
            match stored with
            | Stored.Damaged what -> Console.Out.WriteLine $"{key.Substring(0, digits)}  damaged: {what}; `punet verify` sets it aside"
            | Stored.Absent
            | Stored.Present _ -> ()

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

    for key, reason in StorePins.all store do
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
    result {
        let! entry = find store id
        show store entry
        return ExitCode.Done
    }

/// Keeps a result from `gc`, with what it was made from; the words behind the id say why.
let pin (store: Store) (id: string) (reason: string) : Result<int, Fault> =
    result {
        let! entry = find store id
        StorePins.pin store entry.Key reason
        Console.Out.WriteLine $"pinned {entry.Key.Substring(0, digits)} {entry.Label}"
        return ExitCode.Done
    }

/// Takes the pin off.
let unpin (store: Store) (id: string) : Result<int, Fault> =
    match StorePins.all store |> List.filter (fun (key, _) -> key.StartsWith(id, StringComparison.OrdinalIgnoreCase)) with
    | [ key, _ ] ->
        StorePins.unpin store key
        Ok ExitCode.Done
    | [] -> Error(Usage $"no pinned result begins with {id}; `punet runs` marks them")
    | several -> Error(Usage $"{several.Length} pinned results begin with {id}; give more digits")

/// Lets go what a script last ran: by its path, or by the id that `gc` tells.
let forget (store: Store) (word: string) : Result<int, Fault> =
    let roots, damaged = ScriptRoot.all store
    let path = IO.Path.GetFullPath word
    let isMeant (root: ScriptRoot) = root.Id.StartsWith(word, StringComparison.Ordinal) || root.Script = path || root.Script = word

    match List.filter isMeant roots, damaged |> List.filter _.StartsWith(word, StringComparison.Ordinal) with
    | [ root ], _ ->
        ScriptRoot.forget store root.Id
        Console.Out.WriteLine $"forgotten: what {root.Script} last ran; `punet gc` tells what goes"
        Ok ExitCode.Done
    | [], [ id ] ->
        ScriptRoot.forget store id
        Ok ExitCode.Done
    | [], _ -> Error(Usage $"the store {store.Root} knows no run of {word}; `punet gc` lists the scripts")
    | several, _ ->
        let ids = several |> List.map _.Id |> String.concat ", "
        Error(Usage $"{several.Length} scripts are meant by {word}; give the id of one: {ids}")
