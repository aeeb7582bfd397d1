namespace PUNet.Cli.CommandLine

open Argu

/// punet info
type InfoArguments =
    | [<Unique>] Torch
    | [<Unique>] Debug

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Torch -> "load libtorch and tell its threads and devices."
            | Debug -> "show stack traces of errors."
