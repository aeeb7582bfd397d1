/// punet gc: clears the store up; only tells what would go unless it is asked to delete.
module PUNet.Cli.Commands.GcCommand

open System
open Argu
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Dsl.Engine

let private line (item: StoreGarbage.Garbage) =
    let used = item.LastUse.ToLocalTime().ToString "yyyy-MM-dd HH:mm"
    let id = if item.Key = "" then "-" else item.Key[.. min 7 (item.Key.Length - 1)]
    $"{id, -8}  last used {used}  {ByteSize.show item.Size, 8}  {item.What}"

/// Finds what no root needs, or the least recently used, and deletes it where asked to.
let run (store: Store) (arguments: ParseResults<GcArguments>) : Result<int, Fault> =
    let limit = arguments.TryGetResult Max_Size |> Option.map (fun text -> text, ByteSize.tryParse text)

    match limit with
    | Some(text, None) -> Error(Usage $"--max-size takes a size, for example 20GB; given: {text}")
    | limit ->
        let rule: StoreGarbage.Rule = { MaximalSize = limit |> Option.bind snd; KeepRoots = limit.IsNone; Now = DateTime.UtcNow }

        let found = StoreGarbage.find store rule
        found |> List.iter (line >> Console.Out.WriteLine)
        let size = found |> List.sumBy _.Size |> ByteSize.show

        if found.IsEmpty then
            Console.Out.WriteLine "nothing to clear up"
        elif arguments.Contains Delete then
            let gone = StoreGarbage.delete store found
            Console.Out.WriteLine $"deleted {gone.Length} of {found.Length}, {gone |> List.sumBy _.Size |> ByteSize.show}"
        else
            Console.Out.WriteLine $"{found.Length} would go, {size}; nothing was changed, --delete does it"

        Ok ExitCode.Done
