namespace PUNet.Dsl

open System.IO

/// Where files of the user lie. A relative one is looked up below the data folder of the run (`--data`, PUNET_DATA, or `data`
/// beside the script), so that scripts do not depend on the machine.
type DataPath =
    | InDataFolder of string
    | Absolute of string

module DataPath =
    /// The absolute path under the run's data folder.
    let resolve (dataFolder: string) path =
        match path with
        | InDataFolder relative -> Path.GetFullPath(Path.Combine(dataFolder, relative))
        | Absolute path -> Path.GetFullPath path

    /// As the script says it.
    let show path =
        match path with
        | InDataFolder relative -> relative
        | Absolute path -> path
