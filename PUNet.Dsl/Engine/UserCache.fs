/// What can be made again at any time and is kept to save the work: a folder of the user, shared by all projects.
module PUNet.Dsl.Engine.UserCache

open System
open System.IO

let private root =
    lazy
        (let under (variable: string) parts =
            match Environment.GetEnvironmentVariable variable with
            | null
            | "" -> None
            | root -> Some(Path.Combine(Array.append [| root |] parts))

         [ under "XDG_CACHE_HOME" [||]
           (if OperatingSystem.IsWindows() then under "LOCALAPPDATA" [||] else None)
           under "HOME" [| ".cache" |] ]
         |> List.tryPick id
         |> Option.defaultWith Path.GetTempPath
         |> fun root -> Path.Combine(root, "punet"))

/// The folder for one kind of things, whether it exists or not.
let folder (kind: string) = Path.Combine(root.Value, kind)

/// Makes a folder that only its owner can read, with those above it.
let makePrivate (path: string) : unit =
    if OperatingSystem.IsWindows() then
        Directory.CreateDirectory path |> ignore
    else
        Directory.CreateDirectory(path, UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute) |> ignore
