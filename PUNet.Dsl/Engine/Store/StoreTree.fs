/// The names that a store gives, and work on what lies below them that never follows a link out of the store.
module PUNet.Dsl.Engine.StoreTree

open System
open System.IO

let private isHex (length: int) (text: string) =
    text.Length = length && text |> Seq.forall (fun digit -> Char.IsAsciiDigit digit || (digit >= 'a' && digit <= 'f'))

/// Whether a name is a key: 32 hexadecimal digits.
let isKey (name: string) = isHex 32 name

/// Whether a name is a key with the mark of one attempt behind it: KEY.GUID; `gone.GUID` is what `gc` was deleting.
let isAttempt (name: string) =
    match name.Split '.' with
    | [| key; mark |] -> (isKey key || key = "gone") && isHex 32 mark
    | _ -> false

/// A name for one attempt at a key.
let attempt (key: string) = $"{key}.{Guid.NewGuid():N}"

/// Whether a path is a symbolic link, wherever it points to.
let isLink (path: string) = not (isNull (FileInfo(path).LinkTarget))

/// Whether anything has this name: a file, a folder, or a link, also one that points nowhere.
let exists (path: string) = File.Exists path || Directory.Exists path

/// Whether a path is a folder itself, and no link to one.
let isFolder (path: string) = Directory.Exists path && not (isLink path)

let private everywhere =
    EnumerationOptions(RecurseSubdirectories = false, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false)

/// What lies in a folder itself, as it is now.
/// Raises IOException or UnauthorizedAccessException where it cannot be read.
let entriesIn (folder: string) : FileSystemInfo list = List.ofSeq (DirectoryInfo(folder).EnumerateFileSystemInfos("*", everywhere))

/// What lies below a folder: files and links, and folders before what is in them. Links are not followed.
/// Raises IOException or UnauthorizedAccessException where a folder cannot be read.
let rec entriesBelow (folder: string) : FileSystemInfo list =
    [ for entry in entriesIn folder do
          entry

          if entry :? DirectoryInfo && isNull entry.LinkTarget then
              yield! entriesBelow entry.FullName ]

/// Bytes of all files below a folder, or of a file; what cannot be read counts nothing.
let rec size (path: string) : int64 =
    try
        if isLink path then 0L
        elif Directory.Exists path then entriesIn path |> List.sumBy (fun entry -> size entry.FullName)
        else FileInfo(path).Length
    with
    | :? IOException
    | :? UnauthorizedAccessException -> 0L

let private ownerAll = UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute

/// Lets the owner into a folder that is in the way; another user's stays as it is.
let private openUp (folder: string) =
    if not (OperatingSystem.IsWindows()) then
        try
            let mode = File.GetUnixFileMode folder

            if mode &&& ownerAll <> ownerAll then
                File.SetUnixFileMode(folder, mode ||| ownerAll)
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ()

/// Deletes a folder with all below it, a file, or a link but not what it points to.
let rec delete (path: string) =
    if isFolder path then
        openUp path

        for entry in entriesIn path do
            delete entry.FullName

        Directory.Delete path
    elif Directory.Exists path then
        Directory.Delete path // a link
    else
        File.Delete path

/// Gives a folder, a file or a link another name; nothing may have that name.
let rename (path: string) (target: string) =
    if isFolder path then
        openUp path

    if Directory.Exists path then Directory.Move(path, target) else File.Move(path, target)

/// Moves whatever has this name into a folder, as `name.GUID`; gives where it lies then. A folder that the user may not write
/// cannot change its place: it is renamed where it is.
/// Raises IOException or UnauthorizedAccessException where that is not possible either.
let moveAway (path: string) (into: string) : string =
    let name = attempt (string (Path.GetFileName path))

    try
        let target = Path.Combine(into, name)
        rename path target
        target
    with
    | :? IOException
    | :? UnauthorizedAccessException when exists path ->
        let target = Path.Combine(string (Path.GetDirectoryName path), name)
        rename path target
        target
