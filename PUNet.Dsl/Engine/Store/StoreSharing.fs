namespace PUNet.Dsl.Engine

open System
open System.IO

/// Who may use a store.
[<RequireQualifiedAccess>]
type StoreSharing =
    /// The user who made it.
    | Owner
    /// All members of the group of its folder, with the same rights.
    | Group

module StoreSharing =
    let private ownerAll = UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute
    let private groupAll = UnixFileMode.GroupRead ||| UnixFileMode.GroupWrite ||| UnixFileMode.GroupExecute
    let private others = UnixFileMode.OtherRead ||| UnixFileMode.OtherWrite ||| UnixFileMode.OtherExecute

    /// Rights of the store's folders: 0700, or 2770, so that what is made below belongs to the group as well.
    let folderMode sharing =
        match sharing with
        | StoreSharing.Owner -> ownerAll
        | StoreSharing.Group -> ownerAll ||| groupAll ||| UnixFileMode.SetGroup

    /// Rights of the store's files: 0600 or 0660.
    let fileMode sharing =
        let readWrite = UnixFileMode.UserRead ||| UnixFileMode.UserWrite

        match sharing with
        | StoreSharing.Owner -> readWrite
        | StoreSharing.Group -> readWrite ||| UnixFileMode.GroupRead ||| UnixFileMode.GroupWrite

    /// What a process that writes to the store must deny to what it makes.
    let denied sharing =
        match sharing with
        | StoreSharing.Owner -> groupAll ||| others
        | StoreSharing.Group -> others

    /// What the rights of a store's folder say.
    let ofFolder (folder: string) =
        if not (OperatingSystem.IsWindows()) && File.GetUnixFileMode(folder).HasFlag groupAll then
            StoreSharing.Group
        else
            StoreSharing.Owner

    /// Makes a folder where there is none, with these rights whatever the process denies.
    let makeFolder sharing (path: string) =
        if not (Directory.Exists path) then
            if OperatingSystem.IsWindows() then
                Directory.CreateDirectory path |> ignore
            else
                Directory.CreateDirectory(path, ownerAll) |> ignore
                File.SetUnixFileMode(path, folderMode sharing)

    /// Gives a folder itself these rights.
    let applyToFolder sharing (folder: string) =
        if not (OperatingSystem.IsWindows()) then
            File.SetUnixFileMode(folder, folderMode sharing)

    /// Gives a folder and all below it these rights; links are left as they are, and what another process removes meanwhile.
    let rec apply sharing (folder: string) =
        if not (OperatingSystem.IsWindows()) then
            applyToFolder sharing folder

            for entry in StoreTree.entriesIn folder do
                try
                    if not (isNull entry.LinkTarget) then ()
                    elif entry :? DirectoryInfo then apply sharing entry.FullName
                    else File.SetUnixFileMode(entry.FullName, fileMode sharing)
                with
                | :? FileNotFoundException
                | :? DirectoryNotFoundException -> ()
