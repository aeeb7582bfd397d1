/// What of a store can go: results that no root needs, the least recently used first where only a size is asked for.
module PUNet.Dsl.Engine.StoreGarbage

open System
open System.Collections.Generic
open System.IO

/// Something that would be deleted.
type Garbage =
    {
        /// The key of a result or of checkpoints; empty for others.
        Key: string
        /// Absolute path.
        Path: string
        /// What it is, for people.
        What: string
        Size: int64
        LastUse: DateTime
    }

/// What decides what stays.
type Rule =
    {
        /// Results are kept, least recently used going first, as long as together they are not larger; in bytes. None: every
        /// result goes that no root needs.
        MaximalSize: int64 option
        /// Results of stages that somebody may want again: those that no other result was made from.
        KeepRoots: bool
        Now: DateTime
    }

/// Something that was written to lately may be in use by a process that has only begun, also on another machine.
let private grace = TimeSpan.FromMinutes 10.0

let private sizeBelow (folder: string) =
    Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) |> Seq.sumBy (fun path -> FileInfo(path).Length)

/// Keys with everything that they were made from.
let private withInputs (entries: IReadOnlyDictionary<string, Provenance>) (keys: string seq) =
    let kept = HashSet<string>()

    let rec keep key =
        if kept.Add key then
            match entries.TryGetValue key with
            | true, entry ->
                for input in entry.Inputs do
                    if input.Artifact <> "" then
                        keep input.Artifact
            | _ -> ()

    Seq.iter keep keys
    kept

/// Results that nothing else in the store was made from, of each label the latest.
let private roots (entries: Provenance list) =
    let read = HashSet<string>(entries |> Seq.collect _.Inputs |> Seq.map _.Artifact)

    entries
    |> List.filter (fun entry -> not (read.Contains entry.Key))
    |> List.groupBy (fun entry -> entry.Kind, entry.Label)
    |> List.map (fun (_, group) -> (group |> List.maxBy _.Ended).Key)

let private claimed (store: Store) =
    if Directory.Exists store.Claims then
        Directory.EnumerateFiles store.Claims
        |> Seq.map (fun path -> (string (Path.GetFileName path)).Split('.')[0])
        |> Set.ofSeq
    else
        Set.empty

let private results (store: Store) (rule: Rule) (entries: Provenance list) isKept =
    let known = entries |> List.map (fun entry -> entry, sizeBelow (store.Artifact entry.Key), Store.lastUse store entry.Key)
    let free = known |> List.filter (fun (entry, _, used) -> not (isKept entry.Key) && rule.Now - used > grace)

    let going =
        match rule.MaximalSize with
        | None -> free
        | Some limit ->
            let total = known |> List.sumBy (fun (_, size, _) -> size)

            free
            |> List.sortBy (fun (_, _, used) -> used)
            |> List.fold
                (fun (left, going) (entry, size, used) -> if left > limit then left - size, (entry, size, used) :: going else left, going)
                (total, [])
            |> snd
            |> List.rev

    [ for entry, size, used in going ->
          { Key = entry.Key
            Path = store.Artifact entry.Key
            What = entry.Label
            Size = size
            LastUse = used } ]

/// Folders of a kind that are not results: what killed runs left.
let private rests (folder: string) what (rule: Rule) isKept =
    if not (Directory.Exists folder) then
        []
    else
        [ for path in Directory.EnumerateDirectories folder do
              let name = string (Path.GetFileName path)
              let used = Directory.GetLastWriteTimeUtc path

              if not (isKept (name.Split('.')[0])) && rule.Now - used > grace then
                  { Key = name.Split('.')[0]; Path = path; What = what; Size = sizeBelow path; LastUse = used } ]

/// What would go. Kept in any case: what is pinned, what is being computed, what was used within the last minutes, and
/// everything that these were made from.
let find (store: Store) (rule: Rule) : Garbage list =
    let entries = Store.entries store
    let byKey = entries |> List.map (fun entry -> entry.Key, entry) |> dict |> Dictionary
    let claimed = claimed store
    let pinned = Store.pins store |> List.map fst

    let asked =
        [ yield! pinned
          yield! claimed
          yield! StoreUse.current store rule.Now
          if rule.KeepRoots then
              yield! roots entries ]

    let kept = withInputs byKey asked

    [ yield! results store rule entries kept.Contains
      if rule.MaximalSize.IsNone then
          yield! rests (store.Work "") "checkpoints of an unfinished stage" rule claimed.Contains

      yield! rests store.Temporary "the rest of a stopped run" rule claimed.Contains
      yield! rests store.Aside "a damaged result that was set aside" rule (fun _ -> false) ]

/// Deletes what was found, unless it was used meanwhile; a result is moved out of the way by one rename first, so that it is
/// there as a whole or not at all. Gives what was deleted.
let delete (store: Store) (garbage: Garbage list) : Garbage list =
    [ for item in garbage do
          if Directory.Exists item.Path && Directory.GetLastWriteTimeUtc item.Path = item.LastUse then
              let going = Path.Combine(store.Temporary, $"gone.{Guid.NewGuid():N}")
              Directory.Move(item.Path, going)
              Directory.Delete(going, true)
              item ]
