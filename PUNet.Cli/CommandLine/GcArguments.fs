namespace PUNet.Cli.CommandLine

open Argu

/// punet gc
type GcArguments =
    | [<Unique>] Delete
    | [<Unique>] Max_Size of SIZE: string
    | [<Unique>] Store of DIR: string
    | [<Unique>] Debug

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Delete -> "delete what is listed; without it nothing is changed."
            | Max_Size _ ->
                "of what no script's last run needs, let only the least recently used go, until all results are not larger, for example 20GB."
            | Store _ -> "folder of the results; by default .punet in the project around the current folder."
            | Debug -> "show stack traces of errors."
