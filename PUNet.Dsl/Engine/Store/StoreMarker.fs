namespace PUNet.Dsl.Engine

open System
open System.IO
open System.Text.Json
open PUNet.Dsl

/// What a folder is, as far as a store is concerned.
[<RequireQualifiedAccess>]
type StoreState =
    /// Nothing is there, or an empty folder: a store can be made of it.
    | Vacant
    | Ready of StoreSharing
    /// A store whose marker cannot be read; `run` writes it anew.
    | Unmarked of StoreSharing
    /// Not a store, or one that this version cannot use, and what to do.
    | Refused of what: string

/// The file that makes a folder a store. Nothing is written to, moved or deleted in a folder without it.
module StoreMarker =
    [<Literal>]
    let FileName = "punet-store.json"

    /// Version of the store's form; a store of a higher one is left alone.
    [<Literal>]
    let Format = 1L

    /// The folders that every store has; none of them may be a link.
    let folders = [ "artifacts"; "work"; "tmp"; "claims"; "users"; "index"; "code"; "roots" ]

    /// Those that come when they are needed.
    let furtherFolders = [ "aside"; "pins" ]

    let private word sharing =
        match sharing with
        | StoreSharing.Owner -> "owner"
        | StoreSharing.Group -> "group"

    /// Writes the marker.
    let write (folder: string) sharing =
        let text =
            Canonical.fields
                [ "about", Text "A store of results of punet. Without this file nothing here is used."
                  "format", Canonical.integer Format
                  "shared", Text(word sharing) ]
            |> Canonical.toJson

        let path = Path.Combine(folder, FileName)
        PUNet.Core.Common.Files.AtomicFile.WriteText(path, text + "\n")

        if not (OperatingSystem.IsWindows()) then
            File.SetUnixFileMode(path, StoreSharing.fileMode sharing)

    let private tryRead (folder: string) =
        try
            let root = CanonicalJson.parse (File.ReadAllText(Path.Combine(folder, FileName)))

            match CanonicalJson.integerField "format" root, CanonicalJson.textField "shared" root with
            | format, "owner" when format > 0L -> Some(format, StoreSharing.Owner)
            | format, "group" when format > 0L -> Some(format, StoreSharing.Group)
            | format, _ when format > Format -> Some(format, StoreSharing.Owner)
            | _ -> None
        with
        | :? IOException
        | :? UnauthorizedAccessException
        | :? InvalidOperationException
        | :? JsonException -> None

    let private isEmpty (folder: string) =
        Directory.EnumerateFileSystemEntries folder
        // what a process left that was killed while it made the store
        |> Seq.forall (fun path -> (string (Path.GetFileName path)).StartsWith(FileName + ".", StringComparison.Ordinal))

    let private holds (folder: string) (names: string list) =
        names |> List.forall (fun name -> StoreTree.isFolder (Path.Combine(folder, name)))

    let private remedyFor (folder: string) =
        let inside = Path.Combine(folder, ".punet")

        if File.Exists(Path.Combine(inside, FileName)) then
            $"name the store itself: {inside}"
        elif holds folder [ "artifacts"; "work"; "claims"; "index" ] then
            "a store of an earlier version, whose keys are others: move it away, or name another folder"
        else
            "name a store, or a folder that is empty or not there yet"

    /// Looks at a folder; changes nothing. Raises IOException or UnauthorizedAccessException where it cannot be read.
    let rec look (folder: string) : StoreState =
        let marker = Path.Combine(folder, FileName)

        let links =
            folders @ furtherFolders
            |> List.map (fun name -> Path.Combine(folder, name))
            |> List.filter (fun path -> StoreTree.exists path && not (StoreTree.isFolder path))

        if File.Exists folder then
            StoreState.Refused $"{folder} is a file; a store is a folder: name another"
        elif not (Directory.Exists folder) then
            StoreState.Vacant
        elif StoreTree.exists marker then
            match links, tryRead folder with
            | path :: _, _ -> StoreState.Refused $"{path} is no folder, or a link to one; move it away, or name another store"
            | [], Some(format, _) when format > Format ->
                StoreState.Refused $"{folder} is a store of a later version (format {format}, known up to {Format}); use that version"
            | [], Some(_, sharing) -> StoreState.Ready sharing
            | [], None when holds folder [ "artifacts"; "work"; "tmp"; "claims" ] -> StoreState.Unmarked(StoreSharing.ofFolder folder)
            | [], None -> StoreState.Refused $"{marker} cannot be read, and {folder} does not look like a store; name another folder"
        elif isEmpty folder then
            StoreState.Vacant
        elif StoreTree.exists marker then
            look folder // another process made the store just now
        else
            StoreState.Refused $"{folder} is no store: it holds other files, and no {FileName}; {remedyFor folder}"
