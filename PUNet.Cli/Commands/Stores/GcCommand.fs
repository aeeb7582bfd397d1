/// punet gc: clears the store up; only tells what would go unless it is asked to delete.
module PUNet.Cli.Commands.GcCommand

open System
open Argu
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Dsl.Engine

let private count (number: int) (what: string) = if number = 1 then $"1 {what}" else $"{number} {what}s"

let private scriptLine (root: ScriptRoot, state: ScriptState) =
    let ran = root.Ran.LocalDateTime.ToString "yyyy-MM-dd HH:mm"
    let results = count root.Results.Length "result"

    match state with
    | ScriptState.There -> $"stays: {results} that {root.Script} last ran ({ran})"
    | ScriptState.Gone -> $"the script {root.Script} is gone; it last ran {ran}, {results}"
    | ScriptState.OutOfSight ->
        let machine = (root.Machine.Split ' ')[0]
        $"stays: {results} that {root.Script} on {machine} last ran ({ran}); not in sight from here, `punet forget {root.Id}` lets them go"

let private rootLines (inventory: StoreGarbage.Inventory) =
    [ yield! inventory.Roots.Scripts |> List.map scriptLine

      for key, reason in inventory.Roots.Pins do
          $"stays: {key[..7]}, pinned {reason}".TrimEnd()

      if not inventory.Roots.InUse.IsEmpty then
          let results = count inventory.Roots.InUse.Count "result"
          $"stays: {results} that running processes work with"

      for why in inventory.Roots.Unknown do
          $"no result goes: {why}"

      for key, what in inventory.Damaged do
          $"{key[..7]} is damaged ({what}); `punet verify` sets it aside" ]

let private line (item: StoreGarbage.Garbage) =
    let used = item.LastUse.ToLocalTime().ToString "yyyy-MM-dd HH:mm"
    let id = if item.Key = "" then "-" else item.Key[.. min 7 (item.Key.Length - 1)]
    $"{id, -8}  last used {used}  {ByteSize.show item.Size, 8}  {item.What}: {item.Why}"

let private sizeOf (items: StoreGarbage.Garbage list) = items |> List.sumBy _.Size |> ByteSize.show

let private delete (store: Store) (inventory: StoreGarbage.Inventory) =
    let gone, failed = StoreGarbage.delete store inventory

    for item, why in failed do
        Console.Out.WriteLine $"{item.Path} could not be deleted: {why}"

    Console.Out.WriteLine $"deleted {gone.Length} of {inventory.Going.Length}, {sizeOf gone}"
    if failed.IsEmpty then ExitCode.Done else ExitCode.Failed

let private clear (store: Store) (given: ParseResults<CommandOption>) (limit: int64 option) =
    let inventory = StoreGarbage.find store { MaximalSize = limit; Now = DateTime.UtcNow }
    rootLines inventory |> List.iter Console.Out.WriteLine
    inventory.Going |> List.iter (line >> Console.Out.WriteLine)

    if limit |> Option.exists (fun limit -> inventory.Kept > limit) then
        Console.Out.WriteLine $"what stays takes {ByteSize.show inventory.Kept}, more than was asked for"

    if inventory.Going.IsEmpty then
        Console.Out.WriteLine "nothing to clear up"
        ExitCode.Done
    elif given.Contains CommandOption.Delete then
        delete store inventory
    else
        Console.Out.WriteLine $"{inventory.Going.Length} would go, {sizeOf inventory.Going}; nothing was changed, --delete does it"
        ExitCode.Done

/// Finds what no root needs, or of that the least recently used, and deletes it where asked to.
let run (store: Store) (given: ParseResults<CommandOption>) : Result<int, Fault> =
    match given.TryGetResult CommandOption.Max_Size |> Option.map (fun text -> text, ByteSize.tryParse text) with
    | Some(text, None) -> Error(Usage $"--max-size takes a size, for example 20GB; given: {text}")
    | limit -> Ok(clear store given (limit |> Option.bind snd))
