/// Files of results against the hashes that they were published with.
module PUNet.Dsl.Engine.PublishedFiles

open System.IO
open PUNet.Dsl

/// Hashes that this process computed, as long as a file's size and times stay; those of another process are not trusted here: a
/// medium may lose bits without touching any time.
let private index = StatIndex("", false)

let private fault (folder: string) (file: ContentHash.HashedFile) =
    let path = Path.Combine(folder, file.Path)

    try
        if not (File.Exists path) then
            Some $"{file.Path} is missing"
        elif lock index (fun () -> index.Hash path) <> file.Hash then
            Some $"{file.Path} has another content"
        else
            None
    with
    | :? IOException as error -> Some $"{file.Path} cannot be read: {error.Message}"
    | :? System.UnauthorizedAccessException as error -> Some $"{file.Path} cannot be read: {error.Message}"

/// What is wrong with those files of a result in a folder for which `reads` holds; none where they are as published.
let damageIn folder (result: Provenance) (reads: string -> bool) : string option =
    result.Files |> List.filter (fun file -> reads file.Path) |> List.tryPick (fault folder)

/// The same where the result lies in its store.
let damage (store: Store) (result: Provenance) reads = damageIn (store.Artifact result.Key) result reads

/// What lies under the key of a stage, with the contents of the files that are shown as they are.
let find (store: Store) spec key : Stored =
    match Store.find store key with
    | Stored.Present result as present ->
        match damage store result (StageSpec.isShown spec) with
        | Some what -> Stored.Damaged what
        | None -> present
    | other -> other

/// What to tell of a damaged result.
let complaint (result: Provenance) what =
    let id = result.Key[..7]
    $"the result {id} of {result.Label} is damaged: {what}; `punet verify {id}` sets it aside, and the next run makes it again"

/// Where a file of a result lies, for a person or a program to read. Raises IOException, with what to do, where it is not as published.
let path (store: Store) (result: Provenance) (file: string) : string =
    match damage store result (fun path -> path = file) with
    | None -> Path.Combine(store.Artifact result.Key, file)
    | Some what -> raise (IOException(complaint result what))
