/// What can be made again at any time and is kept to save the work: a folder of the user, shared by all projects. Code is
/// loaded from it, so it must be the user's, and nobody else may be able to write it.
module PUNet.Dsl.Engine.UserCache

open System
open System.IO
open PUNet.Core.Common
open PUNet.Core.Common.Files

/// Where things are kept.
type private Place =
    {
        Folder: string
        /// Why that is a folder of this process alone, which goes with it; none where it is the user's.
        Why: string option
    }

let private ownerAll = UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute

let private makeOne (path: string) =
    if not (Directory.Exists path) then
        if OperatingSystem.IsWindows() then
            Directory.CreateDirectory path |> ignore
        else
            Directory.CreateDirectory(path, ownerAll) |> ignore

/// The user's folder for such things, as the environment names it.
let private given () =
    let under (variable: string) parts =
        match Environment.GetEnvironmentVariable variable with
        | null
        | "" -> None
        | root when Path.IsPathFullyQualified root -> Some(Path.Combine(Array.append [| root |] parts))
        | _ -> None

    [ under "XDG_CACHE_HOME" [||]
      (if OperatingSystem.IsWindows() then under "LOCALAPPDATA" [||] else None)
      under "HOME" [| ".cache" |] ]
    |> List.tryPick id

/// What keeps a folder, which is there, from being trusted.
let private fault (folder: string) =
    let rec openAbove (path: string) =
        match Path.GetDirectoryName path |> Option.ofObj with
        | None -> None
        | Some above ->
            match FileOwnership.Of(above, true) with
            | null -> openAbove above
            | status when status.Mode.HasFlag UnixFileMode.OtherWrite && not (status.Mode.HasFlag UnixFileMode.StickyBit) -> Some above
            | _ -> openAbove above

    match FileOwnership.Of(folder, true), openAbove folder with
    | null, _ -> None // this system does not tell
    | status, _ when not status.IsOursAlone -> Some $"{folder} belongs to another user, or others can write it"
    | _, Some above -> Some $"{folder} lies in {above}, which everybody can write"
    | _, None -> None

/// A folder of this process alone, which goes with it.
let private alone why =
    let folder = Directory.CreateTempSubdirectory("punet-").FullName

    AppDomain.CurrentDomain.ProcessExit.Add(fun _ ->
        try
            Directory.Delete(folder, true)
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ()) // a library that is loaded cannot be deleted everywhere

    { Folder = folder; Why = Some why }

let private place =
    lazy
        (match given () with
         | None -> alone "neither XDG_CACHE_HOME nor HOME names a folder"
         | Some parent ->
             let folder = Path.Combine(parent, "punet")

             try
                 Directory.CreateDirectory parent |> ignore
                 makeOne folder

                 match fault folder with
                 | None -> { Folder = folder; Why = None }
                 | Some why -> alone why
             with
             | :? IOException
             | :? UnauthorizedAccessException as error -> alone error.Message)

/// Why nothing is kept from one process to the next; none where it is.
let whyNotKept () = place.Value.Why

/// The folder for one kind of things, whether it exists or not.
let folder (kind: string) = Path.Combine(place.Value.Folder, kind)

/// Makes a folder of the cache, with those above it, that only its owner can read.
let rec makePrivate (path: string) : unit =
    if path.Length > place.Value.Folder.Length then
        Path.GetDirectoryName path |> Option.ofObj |> Option.iter makePrivate

    makeOne path

/// Whether a file or folder of the cache, and every folder of the cache above it, is the user's and can be written by nobody else.
let rec isTrusted (path: string) : bool =
    match FileOwnership.Of(path, false) with
    | null -> not (OperatingSystem.IsLinux())
    | status when not status.IsOursAlone -> path = place.Value.Folder && status.IsLink && (fault path).IsNone
    | _ ->
        path = place.Value.Folder
        || (match Path.GetDirectoryName path with
            | null -> true
            | above -> isTrusted above)

/// Keeps a text; only the user can read it. Raises IOException or UnauthorizedAccessException where the cache cannot be written.
let write (path: string) (text: string) =
    Path.GetDirectoryName path |> Option.ofObj |> Option.iter makePrivate
    CheckedText.write path text

    if not (OperatingSystem.IsWindows()) then
        File.SetUnixFileMode(path, UnixFileMode.UserRead ||| UnixFileMode.UserWrite)

/// A text that `write` kept; none where there is none, where it is not what was written, and where others could write it.
let tryRead (path: string) : string option = if isTrusted path then CheckedText.tryRead path else None
