namespace PUNet.Cli.CommandLine

open Argu

/// punet runs, show, diff, verify, pin, unpin, forget
type StoreArguments =
    | [<MainCommand>] Id of ID: string list
    | [<Unique>] Store of DIR: string
    | [<Unique>] Debug

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Id _ -> "results: their ids or the first digits of them; of `forget`: a script."
            | Store _ -> "folder of the results; by default .punet in the project around the current folder."
            | Debug -> "show stack traces of errors."
