namespace PUNet.Cli.CommandLine

open Argu

/// punet info
type InfoArguments =
    | [<Unique>] Torch
    | [<Unique>] Libtorch of DIR: string
    | [<Unique>] Debug

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Torch -> "load libtorch and tell its threads and devices."
            | Libtorch _ ->
                "folder of an installed PyTorch, or of an unpacked libtorch, to compute with; by default PUNET_LIBTORCH, or PUNet's own."
            | Debug -> "show stack traces of errors."
