/// The user's data as stages read it.
module PUNet.Dsl.Engine.UserFiles

open System.IO
open PUNet.Dsl

/// Content hash of a dataset's files: of those alone that its layout reads, by their paths below the folder.
/// An error says what is missing and where it was looked for.
let hash (index: StatIndex) (dataFolder: string) (path: DataPath) layout : Result<string, string> =
    let folder = DataPath.resolve dataFolder path
    let reads = ScanLayout.reads layout

    if not (Directory.Exists folder) then
        let hint =
            match path with
            | DataPath.InDataFolder relative ->
                $"the data folder is {dataFolder}; choose another with --data or PUNET_DATA, or put the files of \"{relative}\" there"
            | DataPath.Absolute _ -> "correct the path in the script"

        Error $"the folder {folder} does not exist; {hint}"
    else
        try
            let files = ContentHash.filesBelow folder |> List.filter reads

            if files.IsEmpty then
                Error $"the folder {folder} holds no file of the declared names; check the source's patterns"
            else
                files
                |> List.map (fun file ->
                    ({ Path = file; Length = 0L; Hash = index.Hash(Path.Combine(folder, file)) }: ContentHash.HashedFile))
                |> ContentHash.ofFiles
                |> Ok
        with
        | :? IOException as error -> Error error.Message
        | :? System.UnauthorizedAccessException as error -> Error error.Message
