/// Folders that a command works with when the command line names none.
module PUNet.Cli.Commands.Locations

open System
open System.IO

let private holds (folder: string) (name: string) =
    let path = Path.Combine(folder, name)
    Directory.Exists path || File.Exists path

/// The nearest folder upwards that has a store already, or else the root of the repository, or else the folder itself.
let private project (folder: string) =
    let upwards = folder |> Some |> List.unfold (Option.map (fun path -> path, Option.ofObj (Path.GetDirectoryName path)))

    upwards
    |> List.tryFind (fun path -> holds path ".punet")
    |> Option.orElse (upwards |> List.tryFind (fun path -> holds path ".git"))
    |> Option.defaultValue folder

/// The store: as given, or .punet in the project around a folder.
let store (given: string option) (folder: string) =
    match given with
    | Some path -> Path.GetFullPath path
    | None -> Path.Combine(project folder, ".punet")

/// The data folder: as given, or PUNET_DATA, or `data` beside the script.
let data (given: string option) (scriptFolder: string) =
    let environment =
        match Environment.GetEnvironmentVariable "PUNET_DATA" with
        | null
        | "" -> None
        | path -> Some path

    match Option.orElse environment given with
    | Some path -> Path.GetFullPath path
    | None -> Path.Combine(scriptFolder, "data")
