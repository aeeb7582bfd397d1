namespace PUNet.Dsl.Engine

open System
open System.IO
open System.Text.Json

/// What the store holds under a key.
[<RequireQualifiedAccess>]
type Stored =
    | Present of Provenance
    | Absent
    /// A folder is there, but not what was published.
    | Damaged of what: string

/// A folder of results: `artifacts/<key>` are immutable and complete as soon as they exist; `work/<key>` holds checkpoints of
/// unfinished stages, `tmp` what is being written, `claims` who computes what, `index` hashes of the user's files.
[<Sealed>]
type Store(root: string) =
    let below (name: string) = Path.Combine(root, name)

    /// The folder, absolute.
    member _.Root = root
    /// The folder of a key's result, whether it exists or not.
    member _.Artifact(key: string) = Path.Combine(below "artifacts", key)
    /// The folder for a key's checkpoints.
    member _.Work(key: string) = Path.Combine(below "work", key)
    member internal _.Artifacts = below "artifacts"
    member internal _.Temporary = below "tmp"
    member internal _.Claims = below "claims"
    member internal _.Aside = below "aside"
    member internal _.Pins = below "pins"
    member internal _.Users = below "users"
    member internal _.Code = below "code"
    member internal _.Index = Path.Combine(below "index", "files.tsv")

module Store =
    let private owner = UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute

    let private makeFolder (path: string) =
        if OperatingSystem.IsWindows() then
            Directory.CreateDirectory path |> ignore
        else
            Directory.CreateDirectory(path, owner) |> ignore

    /// The store of a folder; touches nothing.
    let at (folder: string) = Store(Path.GetFullPath folder)

    /// Makes the store's folders where they are missing, readable by their owner only.
    let prepare (store: Store) =
        for folder in
            [ store.Root
              store.Artifacts
              store.Temporary
              store.Claims
              store.Work ""
              store.Code
              store.Users
              Path.Combine(store.Root, "index") ] do
            makeFolder folder

    let private fault (folder: string) (provenance: Provenance) =
        provenance.Files
        |> List.tryPick (fun file ->
            let info = FileInfo(Path.Combine(folder, file.Path))

            if not info.Exists then
                Some $"{file.Path} is missing"
            elif info.Length <> file.Length then
                Some $"{file.Path} has {info.Length} bytes instead of {file.Length}"
            else
                None)

    /// What lies under a key: provenance, existence and sizes of the files are checked, not their contents (see `verify`).
    let find (store: Store) key =
        let folder = store.Artifact key

        if not (Directory.Exists folder) then
            Stored.Absent
        else
            try
                let provenance = Provenance.read folder

                match fault folder provenance with
                | _ when provenance.Key <> key -> Stored.Damaged "its provenance is that of another artifact"
                | Some what -> Stored.Damaged what
                | None -> Stored.Present provenance
            with
            | :? IOException as error -> Stored.Damaged error.Message
            | :? JsonException -> Stored.Damaged "its provenance.json cannot be read"

    /// When a result was last used: the time of its folder, which `touch` sets.
    let lastUse (store: Store) (key: string) = Directory.GetLastWriteTimeUtc(store.Artifact key)

    /// Notes that a result is used now; for the order in which `gc` clears up. A store that cannot be written stays as it is.
    let touch (store: Store) (key: string) =
        try
            Directory.SetLastWriteTimeUtc(store.Artifact key, DateTime.UtcNow)
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ()

    /// Results that `gc` keeps, with the reasons given.
    let pins (store: Store) : (string * string) list =
        if Directory.Exists store.Pins then
            [ for path in Directory.EnumerateFiles store.Pins do
                  string (Path.GetFileName path), File.ReadAllText(path).Trim() ]
        else
            []

    /// Keeps a result from `gc`.
    let pin (store: Store) (key: string) (reason: string) =
        makeFolder store.Pins
        PUNet.Core.Common.AtomicFile.WriteText(Path.Combine(store.Pins, key), reason)

    /// Takes the pin off.
    let unpin (store: Store) (key: string) = File.Delete(Path.Combine(store.Pins, key))

    /// Moves a damaged result out of the way, so that its stage runs again; gives where it lies then.
    let setAside (store: Store) (key: string) =
        makeFolder store.Aside
        let target = Path.Combine(store.Aside, $"{key}.{Guid.NewGuid():N}")
        Directory.Move(store.Artifact key, target)
        target

    /// All intact entries, the latest first.
    let entries (store: Store) =
        if not (Directory.Exists store.Artifacts) then
            []
        else
            Directory.EnumerateDirectories store.Artifacts
            |> Seq.choose (fun folder ->
                match find store (DirectoryInfo(folder).Name) with
                | Stored.Present provenance -> Some provenance
                | Stored.Absent
                | Stored.Damaged _ -> None)
            |> Seq.sortByDescending _.Ended
            |> List.ofSeq

    /// Files of an artifact whose content is not what was published; empty for an intact one.
    let verify (store: Store) (provenance: Provenance) =
        [ for file in provenance.Files do
              let path = Path.Combine(store.Artifact provenance.Key, file.Path)

              if not (File.Exists path) then
                  $"{file.Path} is missing"
              elif ContentHash.ofFile path <> file.Hash then
                  $"{file.Path} has another content" ]

    /// Notes the functions behind a hash of code, so that a later plan can name those that changed.
    let keepCode (store: Store) (hash: string) (functions: Map<string, string>) =
        let path = Path.Combine(store.Code, hash)

        if not (File.Exists path) then
            let lines = functions |> Seq.map (fun entry -> $"{entry.Value} {entry.Key}\n")
            PUNet.Core.Common.AtomicFile.WriteText(path, String.concat "" lines)

    /// The functions behind a hash of code.
    let code (store: Store) (hash: string) : Map<string, string> option =
        let path = Path.Combine(store.Code, hash)
        if File.Exists path then Some(Code.CodeHash.parse (File.ReadLines path)) else None

    /// How far an interrupted run came, if it left something to go on from: a stage says so in `progress.txt` with its first checkpoint.
    let interrupted (store: Store) key =
        let progress = Path.Combine(store.Work key, "progress.txt")
        if File.Exists progress then Some(File.ReadAllText(progress).Trim()) else None

    /// A fresh folder to write a key's result to. What killed runs left for the key is removed; the caller holds its claim.
    let startWriting (store: Store) (key: string) =
        for left in Directory.EnumerateDirectories(store.Temporary, key + ".*") do
            Directory.Delete(left, true)

        let folder = Path.Combine(store.Temporary, $"{key}.{Guid.NewGuid():N}")
        makeFolder folder
        makeFolder (store.Work key)
        folder

    /// Removes what was written without publishing it; checkpoints stay.
    let abandon (store: Store) (key: string) (folder: string) =
        if Directory.Exists folder then
            Directory.Delete(folder, true)

        let work = store.Work key

        if Directory.Exists work && Seq.isEmpty (Directory.EnumerateFileSystemEntries work) then
            Directory.Delete work

    let private flush (path: string) =
        use handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite)
        RandomAccess.FlushToDisk handle

    /// Folders and files below become their owner's alone, whatever the stage made them with.
    let private restrict (folder: string) =
        if not (OperatingSystem.IsWindows()) then
            for path in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories) do
                File.SetUnixFileMode(path, owner)

            for path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) do
                File.SetUnixFileMode(path, UnixFileMode.UserRead ||| UnixFileMode.UserWrite)

    /// Hashes of the files that were written, and the content hash over those that count.
    let contentOf (folder: string) =
        let files =
            ContentHash.filesBelow folder
            |> List.map (fun path ->
                let full = Path.Combine(folder, path)

                ({ Path = path; Length = FileInfo(full).Length; Hash = ContentHash.ofFile full }: ContentHash.HashedFile))

        files, ContentHash.ofFiles (files |> List.filter (fun file -> ContentHash.isContent file.Path))

    /// Makes a written folder the key's artifact by one rename, with its provenance; checkpoints go away. An artifact that is
    /// already there is replaced only where `replace` says so; otherwise the one that is there stays.
    let publish (store: Store) (folder: string) (provenance: Provenance) replace =
        let target = store.Artifact provenance.Key
        File.WriteAllText(Path.Combine(folder, Provenance.fileName), Provenance.toJson provenance)
        restrict folder
        ContentHash.filesBelow folder |> List.iter (fun path -> flush (Path.Combine(folder, path)))

        if replace && Directory.Exists target then
            let aside = Path.Combine(store.Temporary, $"{provenance.Key}.{Guid.NewGuid():N}")
            Directory.Move(target, aside)
            Directory.Move(folder, target)
            Directory.Delete(aside, true)
        elif Directory.Exists target then
            Directory.Delete(folder, true)
        else
            Directory.Move(folder, target)

        if Directory.Exists(store.Work provenance.Key) then
            Directory.Delete(store.Work provenance.Key, true)
