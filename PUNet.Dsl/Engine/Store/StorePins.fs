/// Results that somebody wants to keep, whatever is run.
module PUNet.Dsl.Engine.StorePins

open System
open System.IO
open PUNet.Core.Common
open PUNet.Core.Common.Files

/// The reason given, as far as it can be read.
let private reason (path: string) =
    try
        File.ReadAllText(path).Trim()
    with
    | :? IOException
    | :? UnauthorizedAccessException -> ""

/// Keys of the results that `gc` keeps, with the reasons given.
let all (store: Store) : (string * string) list =
    if Directory.Exists store.Pins then
        [ for path in Directory.EnumerateFileSystemEntries store.Pins do
              let name = string (Path.GetFileName path)

              if StoreTree.isKey name then
                  name, reason path ]
    else
        []

/// Keeps a result from `gc`.
let pin (store: Store) (key: string) (reason: string) =
    StoreSharing.makeFolder store.Sharing store.Pins
    AtomicFile.WriteText(Path.Combine(store.Pins, key), reason)

/// Takes the pin off.
let unpin (store: Store) (key: string) = StoreTree.delete (Path.Combine(store.Pins, key))
