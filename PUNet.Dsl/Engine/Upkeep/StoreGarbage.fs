/// What of a store can go: results that no root needs, the least recently used first where only a size is asked for.
module PUNet.Dsl.Engine.StoreGarbage

open System
open System.Collections.Generic
open System.IO
open PUNet.Core.Common

/// Something that would be deleted.
type Garbage =
    {
        /// The key of a result or of checkpoints; empty for others.
        Key: string
        /// Absolute path.
        Path: string
        /// What it is, for people.
        What: string
        /// Why it goes.
        Why: string
        Size: int64
        LastUse: DateTime
    }

/// What decides what stays.
type Rule =
    {
        /// Results that no root needs are kept as well, least recently used going first, as long as all results together are not
        /// larger; in bytes. None: every result goes that no root needs.
        MaximalSize: int64 option
        Now: DateTime
    }

/// What was found.
type Inventory =
    {
        Roots: StoreRoots
        /// What would go.
        Going: Garbage list
        /// Bytes of the results that stay because of a root.
        Kept: int64
        /// Results that cannot be read, and why; `verify` sets them aside.
        Damaged: (string * string) list
    }

/// Something that was written to lately may be in use by a process that has only begun, also on another machine.
let private grace = TimeSpan.FromMinutes 10.0

type private Known = { Entry: Provenance; Size: int64; Used: DateTime }

let private garbage (store: Store) roots (known: Known) : Garbage =
    { Key = known.Entry.Key
      Path = store.Artifact known.Entry.Key
      What = known.Entry.Label
      Why = StoreRoots.whyNot roots known.Entry.Key known.Entry.Label
      Size = known.Size
      LastUse = known.Used }

/// The least recently used of the free ones, as many as bring the whole down to the limit.
let private beyond limit (all: Known list) (free: Known list) =
    let total = all |> List.sumBy _.Size

    free
    |> List.sortBy _.Used
    |> List.fold (fun (left, going) known -> if left > limit then left - known.Size, known :: going else left, going) (total, [])
    |> snd
    |> List.rev

/// What lies in a folder of the store under names that the store gives, and is nobody's.
let private rests (folder: string) what why (rule: Rule) isOurs isKept : Garbage list =
    if not (Directory.Exists folder) then
        []
    else
        [ for path in Directory.EnumerateFileSystemEntries folder do
              let name = string (Path.GetFileName path)
              let key = name.Split('.')[0]
              let used = Directory.GetLastWriteTimeUtc path

              if isOurs name && not (isKept key) && rule.Now - used > grace then
                  { Key = (if StoreTree.isKey key then key else "")
                    Path = path
                    What = what
                    Why = why
                    Size = StoreTree.size path
                    LastUse = used } ]

/// What would go. Kept in any case: what scripts last ran, what is pinned, what is being computed, what was used within the last
/// minutes, and everything that these were made from. No result goes while it is not known what all scripts ran.
let find (store: Store) (rule: Rule) : Inventory =
    let contents = Store.contents store
    let roots = StoreRoots.find store rule.Now

    let all =
        [ for key, stored in contents do
              match stored with
              | Stored.Present entry -> { Entry = entry; Size = StoreTree.size (store.Artifact key); Used = Store.lastUse store key }
              | Stored.Absent
              | Stored.Damaged _ -> () ]

    let byKey = Dictionary(dict [ for known in all -> known.Entry.Key, known.Entry ])
    let kept = StoreRoots.withInputs byKey (StoreRoots.keys roots)
    let rooted, others = all |> List.partition (fun known -> kept.Contains known.Entry.Key)
    let free = others |> List.filter (fun known -> roots.Unknown.IsEmpty && rule.Now - known.Used > grace)

    let results =
        match rule.MaximalSize with
        | None -> free
        | Some limit -> beyond limit all free

    let isComputed key = roots.InUse.Contains key
    let isNobody _ = false

    { Roots = roots
      Kept = rooted |> List.sumBy _.Size
      Damaged =
        [ for key, stored in contents do
              match stored with
              | Stored.Damaged what -> key, what
              | _ -> () ]
      Going =
        [ for known in results do
              garbage store roots known
          if rule.MaximalSize.IsNone && roots.Unknown.IsEmpty then
              let why = "no script's last run would go on from them"
              yield! rests (store.Work "") "checkpoints of an unfinished stage" why rule StoreTree.isKey kept.Contains
              yield! rests (store.Work "") "checkpoints that could not be used" "they were set aside" rule StoreTree.isAttempt isNobody

          yield! rests store.Temporary "the rest of a stopped run" "no result was made of it" rule StoreTree.isAttempt isComputed
          yield! rests store.Artifacts "a damaged result" "it was set aside" rule StoreTree.isAttempt isNobody
          yield! rests store.Aside "a damaged result" "it was set aside" rule StoreTree.isAttempt isNobody ] }

/// Deletes one thing, unless it was used meanwhile; it is moved out of the way by one rename first, so that it is there as a whole
/// or not at all. None where it was used, else why it could not be deleted.
let private deleteOne (store: Store) (item: Garbage) : Result<bool, string> =
    try
        if StoreTree.exists item.Path && Directory.GetLastWriteTimeUtc item.Path = item.LastUse then
            let going = Path.Combine(store.Temporary, StoreTree.attempt "gone")
            StoreTree.rename item.Path going
            StoreTree.delete going
            Ok true
        else
            Ok false
    with
    | :? IOException
    | :? UnauthorizedAccessException as error -> Error error.Message

/// Deletes what was found, with the records of scripts that are gone. Gives what was deleted, and what could not be, with the reason.
let delete (store: Store) (inventory: Inventory) : Garbage list * (Garbage * string) list =
    let ends = inventory.Going |> List.map (fun item -> item, deleteOne store item)

    let failed =
        ends
        |> List.choose (fun (item, ended) ->
            match ended with
            | Error why -> Some(item, why)
            | Ok _ -> None)

    for root, state in inventory.Roots.Scripts do
        if state = ScriptState.Gone && failed.IsEmpty then
            ScriptRoot.forget store root.Id

    ends |> List.choose (fun (item, ended) -> if ended = Ok true then Some item else None), failed
