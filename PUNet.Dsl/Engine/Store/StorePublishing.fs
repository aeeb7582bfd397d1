/// How a stage's result comes into the store: written beside it, then published by one rename.
module PUNet.Dsl.Engine.StorePublishing

open System
open System.IO

/// Deletes what a killed run left; another user's may not be ours to delete.
let private clear (path: string) =
    try
        StoreTree.delete path
    with
    | :? IOException
    | :? UnauthorizedAccessException -> ()

/// A folder for checkpoints that can be used: what lies there and cannot is set aside.
let private readyWork (store: Store) (key: string) =
    let work = store.Work key

    let isUsable =
        StoreTree.isFolder work
        && (try
                Seq.isEmpty (Directory.EnumerateFileSystemEntries work) |> ignore
                true
            with
            | :? IOException
            | :? UnauthorizedAccessException -> false)

    if StoreTree.exists work && not isUsable then
        StoreSharing.makeFolder store.Sharing store.Aside
        StoreTree.moveAway work store.Aside |> ignore

    StoreSharing.makeFolder store.Sharing work

/// A fresh folder to write a key's result to. What killed runs left for the key is removed; the caller holds its claim.
let startWriting (store: Store) (key: string) =
    for left in Directory.EnumerateFileSystemEntries(store.Temporary, key + ".*") do
        clear left

    let folder = Path.Combine(store.Temporary, StoreTree.attempt key)
    StoreSharing.makeFolder store.Sharing folder
    readyWork store key
    folder

/// Removes what was written without publishing it; checkpoints stay.
let abandon (store: Store) (key: string) (folder: string) =
    if Directory.Exists folder then
        StoreTree.delete folder

    let work = store.Work key

    if StoreTree.isFolder work && Seq.isEmpty (Directory.EnumerateFileSystemEntries work) then
        Directory.Delete work

/// Removes a key's checkpoints; the caller holds its claim.
let forget (store: Store) (key: string) =
    if StoreTree.exists (store.Work key) then
        StoreTree.delete (store.Work key)

let private flush (path: string) =
    use handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite)
    RandomAccess.FlushToDisk handle

/// Hashes of the files that were written, and the content hash over those that count.
let contentOf (folder: string) =
    let files =
        ContentHash.filesBelow folder
        |> List.map (fun path ->
            let full = Path.Combine(folder, path)

            ({ Path = path; Length = FileInfo(full).Length; Hash = ContentHash.ofFile full }: ContentHash.HashedFile))

    files, ContentHash.ofArtifact files

/// Makes a written folder the key's artifact by one rename, with its provenance; checkpoints go away. An artifact that is
/// already there is replaced only where `replace` says so; otherwise the one that is there stays.
let publish (store: Store) (folder: string) (provenance: Provenance) replace =
    let target = store.Artifact provenance.Key
    File.WriteAllText(Path.Combine(folder, Provenance.fileName), Provenance.toJson provenance)
    StoreSharing.apply store.Sharing folder
    ContentHash.filesBelow folder |> List.iter (fun path -> flush (Path.Combine(folder, path)))

    if replace && StoreTree.exists target then
        let former = StoreTree.moveAway target store.Temporary
        Directory.Move(folder, target)
        clear former
    elif StoreTree.exists target then
        StoreTree.delete folder
    else
        Directory.Move(folder, target)

    if StoreTree.exists (store.Work provenance.Key) then
        clear (store.Work provenance.Key)
