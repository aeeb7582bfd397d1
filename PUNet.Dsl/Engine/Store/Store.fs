namespace PUNet.Dsl.Engine

open System
open System.IO
open System.Text.Json
open PUNet.Core.Common
open PUNet.Core.Common.Files

/// What the store holds under a key.
[<RequireQualifiedAccess>]
type Stored =
    | Present of Provenance
    | Absent
    /// A folder is there, but not what was published.
    | Damaged of what: string

/// A folder of results: `artifacts/<key>` are immutable and complete as soon as they exist; `work/<key>` holds checkpoints of
/// unfinished stages, `tmp` what is being written, `claims` who computes what, `index` hashes of the user's files, `roots` what
/// each script last ran. It is known by its marker; see `StoreMarker`.
[<Sealed>]
type Store(root: string) =
    let below (name: string) = Path.Combine(root, name)

    let sharing =
        lazy
            (match StoreMarker.look root with
             | StoreState.Ready sharing
             | StoreState.Unmarked sharing -> sharing
             | StoreState.Vacant
             | StoreState.Refused _ -> StoreSharing.Owner)

    /// The folder, absolute.
    member _.Root = root
    /// The folder of a key's result, whether it exists or not.
    member _.Artifact(key: string) = Path.Combine(below "artifacts", key)
    /// The folder for a key's checkpoints.
    member _.Work(key: string) = Path.Combine(below "work", key)
    /// Who may use it, as its marker says.
    member _.Sharing = sharing.Value
    member internal _.Artifacts = below "artifacts"
    member internal _.Temporary = below "tmp"
    member internal _.Claims = below "claims"
    member internal _.Aside = below "aside"
    member internal _.Pins = below "pins"
    member internal _.Users = below "users"
    member internal _.Code = below "code"
    member internal _.Roots = below "roots"
    member internal _.Index = Path.Combine(below "index", "files.tsv")

module Store =
    /// The store of a folder; touches nothing.
    let at (folder: string) = Store(Path.GetFullPath folder)

    let private makeFolders (store: Store) sharing =
        for name in StoreMarker.folders do
            StoreSharing.makeFolder sharing (Path.Combine(store.Root, name))

    let private create (store: Store) sharing =
        StoreSharing.makeFolder sharing store.Root

        try
            StoreSharing.applyToFolder sharing store.Root
        with :? UnauthorizedAccessException ->
            () // an empty folder that somebody else made for it: what is made in it has the rights that it should

        StoreMarker.write store.Root sharing
        makeFolders store sharing

    /// Makes the store where there is nothing or an empty folder, its owner's alone, and what an existing one lacks.
    /// Raises IOException for a folder that is no store, and where the store cannot be written.
    let prepare (store: Store) =
        match StoreMarker.look store.Root with
        | StoreState.Refused what -> raise (IOException what)
        | StoreState.Vacant -> create store StoreSharing.Owner
        | StoreState.Ready sharing -> makeFolders store sharing
        | StoreState.Unmarked sharing ->
            StoreMarker.write store.Root sharing
            makeFolders store sharing

    /// Makes a store that the folder's group shares, or shares one that was its owner's alone.
    /// Raises IOException for a folder that is no store, UnauthorizedAccessException where the store is another user's.
    let share (store: Store) =
        match StoreMarker.look store.Root with
        | StoreState.Refused what -> raise (IOException what)
        | StoreState.Vacant -> create store StoreSharing.Group
        | StoreState.Ready StoreSharing.Group -> ()
        | StoreState.Ready StoreSharing.Owner
        | StoreState.Unmarked _ ->
            StoreSharing.apply StoreSharing.Group store.Root
            StoreMarker.write store.Root StoreSharing.Group

    let private fault (folder: string) (provenance: Provenance) =
        provenance.Files
        |> List.tryPick (fun file ->
            let info = FileInfo(Path.Combine(folder, file.Path))

            if not info.Exists then
                Some $"{file.Path} is missing"
            elif info.Attributes.HasFlag FileAttributes.ReparsePoint then
                Some $"{file.Path} is a link"
            elif info.Length <> file.Length then
                Some $"{file.Path} has {info.Length} bytes instead of {file.Length}"
            else
                None)

    /// What lies under a key: provenance, existence and sizes of the files are checked, not their contents (see `StoreVerification`).
    let find (store: Store) key =
        let folder = store.Artifact key

        if not (StoreTree.exists folder) then
            Stored.Absent
        elif not (StoreTree.isFolder folder) then
            Stored.Damaged "a file or a link lies in its place"
        else
            try
                let provenance = Provenance.read folder

                match fault folder provenance with
                | _ when provenance.Key <> key -> Stored.Damaged "its provenance is that of another artifact"
                | Some what -> Stored.Damaged what
                | None -> Stored.Present provenance
            with
            | :? IOException
            | :? UnauthorizedAccessException as error -> Stored.Damaged $"it cannot be read: {error.Message.TrimEnd '.'}"
            | :? JsonException as error -> Stored.Damaged $"its provenance.json is not what was written: {error.Message}"

    /// When a result was last used: the time of its folder, which `touch` sets.
    let lastUse (store: Store) (key: string) = Directory.GetLastWriteTimeUtc(store.Artifact key)

    /// Notes that a result is used now; for the order in which `gc` clears up. A store that cannot be written stays as it is.
    let touch (store: Store) (key: string) =
        try
            FileRights.Touch(store.Artifact key)
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ()

    /// Moves a damaged result out of the way, so that its stage runs again; gives where it lies then.
    /// Raises IOException or UnauthorizedAccessException where the user may not move it.
    let setAside (store: Store) (key: string) =
        StoreSharing.makeFolder store.Sharing store.Aside
        StoreTree.moveAway (store.Artifact key) store.Aside

    /// Everything under a key in the store, also what is damaged.
    let contents (store: Store) : (string * Stored) list =
        if not (Directory.Exists store.Artifacts) then
            []
        else
            [ for path in Directory.EnumerateFileSystemEntries store.Artifacts do
                  let name = string (Path.GetFileName path)

                  if StoreTree.isKey name then
                      name, find store name ]

    /// The intact ones of what lies under keys, the latest first.
    let intact (contents: (string * Stored) list) =
        contents
        |> List.choose (fun (_, stored) ->
            match stored with
            | Stored.Present provenance -> Some provenance
            | Stored.Absent
            | Stored.Damaged _ -> None)
        |> List.sortByDescending _.Ended

    /// All intact entries, the latest first.
    let entries (store: Store) = intact (contents store)

    /// The functions behind a hash of code.
    let code (store: Store) (hash: string) : Map<string, string> option =
        CheckedText.tryRead (Path.Combine(store.Code, hash)) |> Option.map (fun text -> Code.CodeHash.parse (text.Split '\n'))

    /// Notes the functions behind a hash of code, so that a later plan can name those that changed.
    let keepCode (store: Store) (hash: string) (functions: Map<string, string>) =
        if (code store hash).IsNone then
            let lines = functions |> Seq.map (fun entry -> $"{entry.Value} {entry.Key}\n")

            try
                CheckedText.write (Path.Combine(store.Code, hash)) (String.concat "" lines)
            with
            | :? IOException
            | :? UnauthorizedAccessException -> () // the change of code is told without names then

    /// Whether a process computes a stage now.
    let isComputed (store: Store) (key: string) = Claim.isHeld store.Claims key

    let private longestProgress = 100

    /// How far a stage came, in its own words; empty where it left none that can be shown.
    let private progress (folder: string) =
        try
            let text = File.ReadAllText(Path.Combine(folder, "progress.txt")).Trim()
            let canBeShown = text.Length <= longestProgress && text |> Seq.forall (fun c -> not (Char.IsControl c || c = '\uFFFD'))
            if canBeShown then text else ""
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ""

    /// How far an interrupted run came, if it left something to go on from: a stage says so in `progress.txt` with its first checkpoint.
    let interrupted (store: Store) key =
        let folder = store.Work key

        try
            if StoreTree.isFolder folder && File.Exists(Path.Combine(folder, "progress.txt")) then
                Some(progress folder)
            else
                None
        with
        | :? IOException
        | :? UnauthorizedAccessException -> None // it is set aside when the stage runs
