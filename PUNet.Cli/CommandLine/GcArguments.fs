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
                "let the least recently used results go until the store is not larger, for example 20GB, even those that are the latest of their stage."
            | Store _ -> "folder of the results; by default .punet in the project around the current folder."
            | Debug -> "show stack traces of errors."
